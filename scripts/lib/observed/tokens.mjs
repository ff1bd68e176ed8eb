import { hesOf, Machine, named, playEach, profileOf } from './machine.mjs';
import { builderOf } from './scenarios.mjs';
import { bytesOf, listOf, objectOf, show, Unplayable, word } from './value.mjs';

/** Where the Realm of `meta.fixtures.token_realm` has its token written. */
const BUFFER = 0x2000n;

/** `meta.fixtures.token_realm`, as steps. */
const FIXTURE = [
  { op: 'REALM_CREATE' },
  { op: 'RTT_CREATE', ipa: '0', level: 2 },
  { op: 'RTT_CREATE', ipa: '0', level: 3 },
  ...[0, 1, 2, 3].map((page) => ({ op: 'RTT_INIT_RIPAS', base: page * 0x1000, top: (page + 1) * 0x1000 })),
  { op: 'DATA_CREATE', ipa: '0', flags: 1, content: { pattern: [1, 1] } },
  { op: 'DATA_CREATE', ipa: '1000', flags: 1, content: { pattern: [2, 3] } },
  { op: 'DATA_CREATE_UNKNOWN', ipa: '2000' },
  { op: 'DATA_CREATE_UNKNOWN', ipa: '3000' },
  { op: 'REC_CREATE', flags: 1, mpidr: 0, pc: 0x1000, gprs: [] },
  { op: 'REALM_ACTIVATE' },
];

const FIXTURE_PARAMS = { flags: 0, s2sz: 33, num_bps: 1, num_wps: 1, vmid: 1, rtt_level_start: 1, rtt_num_start: 1 };

/**
 * Replays recorded tokens. Everything but the signature, which is random in a recording, is compared byte for byte; our
 * signature is verified.
 *
 * @param {import('./observed.d.mts').ObservedLibrary} library
 * @param {import('./observed.d.mts').Boot} boot
 */
export const replayTokens = (library, boot, meta, entries, report) =>
  playEach(entries, 'tokens', named('token'), report, (token, name) => {
    report.begin(name);
    const calls = [];
    let problems;
    try {
      problems = replayToken(library, boot, objectOf(meta, 'meta'), token, calls);
    } catch (error) {
      if (!(error instanceof Unplayable)) throw error;
      problems = [error.message];
    }
    report.count(calls.length === 0 ? name : `${name}: ${calls.at(-1)}`, problems);
  });

const replayToken = (library, boot, meta, token, calls) => {
  const steps = listOf(token.continue_steps, 'continue_steps');
  if (steps.length === 0) throw new Unplayable('has no continue_steps');
  const hes = objectOf(meta.hes ?? {}, 'meta.hes');
  const rak = bytesOf(token.rak_private ?? hes.rak_private, 'rak_private');
  const platformToken = bytesOf(token.platform_token ?? hes.platform_token, 'platform_token');
  const machine = new Machine(
    library,
    boot({ machine: profileOf(library, meta, token.features0), hesPort: hesOf(library, rak, platformToken) }),
  );
  const realm = builderOf(library, machine);
  const params = { ...FIXTURE_PARAMS, ...token.realm_params, hash_algo: token.hash_algo ?? 0, rpv: token.rpv };
  for (const step of FIXTURE) {
    if (realm.issue(step, params)[0] !== 0n) throw new Unplayable(`the Realm of the fixture fails at ${step.op}`);
  }
  const problems = [];
  const expect = (what, expected, actual) => {
    if (expected !== undefined && expected !== actual) problems.push(`${what}: ${actual} instead of ${expected}`);
  };
  expect('rim', token.rim, machine.measurements(realm.rd)[0]);
  presetRems(library, machine, realm.rd, listOf(token.rem ?? [], 'rem'));
  if (!realm.enter()) throw new Unplayable('the REC of the fixture does not run');

  const pieces = [];
  for (const [i, given] of steps.entries()) {
    const step = objectOf(given, `continue_steps[${i}]`);
    if (step.call !== 'INIT' && step.call !== 'CONTINUE') {
      throw new Unplayable(`there is no call ${JSON.stringify(step.call)}`);
    }
    calls.push(`${step.call}(${step.call === 'INIT' ? '' : `offset=${step.offset} size=${step.size}`})`);
    // Another INIT begins another token.
    if (step.call === 'INIT') pieces.length = 0;
    const x = step.call === 'INIT' ? init(library, machine, token) : proceed(library, machine, step, pieces);
    expect(`status of ${calls.at(-1)}`, String(step.status), library.decodeRsiStatus(x[0]) ?? show(x[0]));
    if (step.x1 !== undefined) expect(`x1 of ${calls.at(-1)}`, show(word(step.x1, 'x1')), show(x[1]));
  }
  expect('n_steps', token.n_steps, calls.length);

  const ours = library.concatBytes(...pieces);
  expect('token_len', token.token_len, ours.length);
  if (ours.length > 0) problems.push(...compareTokens(library, machine, token, ours));
  return problems;
};

/** Notes of the recording: REM slots are preset to the values in `rem`. No RSI call could do that. */
const presetRems = (library, machine, rd, rems) => {
  const { state } = machine.platform.rmm;
  const measurements = state.realm(rd).measurements.map((slot, n) => {
    const rem = n === 0 ? undefined : rems[n - 1];
    return rem === undefined ? slot : library.padEnd(bytesOf(rem, `rem[${n - 1}]`), 64);
  });
  state.updateRealm(rd, { measurements });
};

const init = (library, machine, { challenge }) => {
  const words = library.toDoublewords(library.padEnd(bytesOf(challenge, 'challenge').subarray(0, 64), 64));
  return machine.platform.realmSmc([machine.rsiFid('RSI_ATTESTATION_TOKEN_INIT'), ...words]).x;
};

const proceed = (library, machine, step, pieces) => {
  const fid = machine.rsiFid('RSI_ATTESTATION_TOKEN_CONTINUE');
  const addr = step.addr === undefined ? BUFFER : word(step.addr, 'addr');
  const { kind, x } = machine.platform.realmSmc([fid, addr, word(step.offset, 'offset'), word(step.size, 'size')]);
  if (kind !== 'return') throw new Unplayable('CONTINUE left the Realm');
  const status = library.decodeRsiStatus(x[0]);
  if (status !== 'RSI_SUCCESS' && status !== 'RSI_INCOMPLETE') return x;
  const at = addr + word(step.offset, 'offset');
  const read = machine.platform.realmAccess({ access: 'read', ipa: at, length: Number(x[1]) });
  if (read.kind !== 'done') throw new Unplayable('the Realm cannot read its buffer');
  pieces.push(read.bytes);
  return x;
};

/** Length of an ES384 signature, which ends a Realm token, which ends the collection. */
const SIGNATURE = 96;
/** Label of the claim that carries the RAK. */
const REALM_PUBLIC_KEY = 44237;

const firstDifference = (theirs, ours) => {
  const length = Math.max(theirs.length, ours.length) - SIGNATURE;
  for (let at = 0; at < length; at += 1) {
    if (theirs[at] !== ours[at]) return [`cca_token: byte ${at} is ${show(ours[at])} instead of ${show(theirs[at])}`];
  }
  return [];
};

const compareTokens = (library, machine, token, ours) => {
  const problems = token.cca_token === undefined ? [] : firstDifference(bytesOf(token.cca_token, 'cca_token'), ours);
  const parts = library.splitToken(ours);
  if (parts === undefined) return [...problems, 'our token is no CCA token'];
  const keys = machine.platform.rmm.state.attestation;
  if (keys === undefined || !library.verifies(parts, keys.rakPublic)) {
    problems.push('the signature of our Realm token does not verify');
  }
  const said = (what, actual) => {
    const expected = token[what] === undefined ? undefined : JSON.stringify(token[what]);
    if (expected !== undefined && expected !== JSON.stringify(actual)) {
      problems.push(`${what}: ${JSON.stringify(actual)} instead of ${expected}`);
    }
  };
  const unsigned = (realmToken) => String(realmToken).slice(0, -2 * SIGNATURE);
  if (token.realm_token !== undefined && unsigned(token.realm_token) !== unsigned(library.toHex(parts.realmToken))) {
    problems.push('realm_token differs before its signature');
  }
  const { claims } = parts;
  said('platform_token', library.toHex(parts.platformToken));
  said('protected', library.toHex(parts.protected));
  said('payload', library.toHex(parts.payload));
  said('claim_key_order', [...claims.keys()]);
  said('claims', Object.fromEntries([...claims].map(([label, value]) => [label, plain(library, value)])));
  said('rak_cose_key', claims.get(REALM_PUBLIC_KEY) && library.toHex(claims.get(REALM_PUBLIC_KEY)));
  said('rak_pub_hash_sha256', keys && library.toHex(keys.challenge));
  said('tbs_sha384', library.toHex(library.sha384(parts.toBeSigned)));
  return problems;
};

/** A claim as recordings have it. */
const plain = (library, value) => {
  if (value instanceof Uint8Array) return { bstr: library.toHex(value) };
  return Array.isArray(value) ? value.map((each) => plain(library, each)) : value;
};

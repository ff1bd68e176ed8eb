import {
  encodeRmiResult,
  functionId,
  INPUT,
  RMI_RIPAS,
  RMI_RTT_ENTRY_STATE,
  SMCCC_NOT_SUPPORTED,
  SUCCESS,
} from '../../dist/abi/index.js';
import { createGranules, launchRealm } from '../../dist/host/index.js';
import { FID } from './fids.mjs';
import { interleave } from './interleave.mjs';
import { bootMachine, planOf } from './machine.mjs';

const DELEGATE = Number(FID.RMI_GRANULE_DELEGATE);
const UNDELEGATE = Number(FID.RMI_GRANULE_UNDELEGATE);
const READ_ENTRY = Number(FID.RMI_RTT_READ_ENTRY);

const CALLS = 4000;
const REGISTERS = 18;
const REFUSED = encodeRmiResult(INPUT);
const DONE = encodeRmiResult(SUCCESS);

/** Result registers as every command leaves them: zero up to X16, then the caller's. */
const results = (given, x0) => {
  const x = new Array(REGISTERS).fill(0n);
  x[0] = x0;
  for (let n = 17; n < REGISTERS; n += 1) x[n] = given[n] ?? 0n;
  return x;
};

const isGranule = (state, pa, wanted) => pa % 0x1000n === 0n && state.isDelegable(pa) && state.granule(pa) === wanted;

/** The same commands as functions on the same monitor, as somebody would write them who only wants them to answer. */
const byHand = (state) => ({
  delegate(x) {
    const addr = x[1] ?? 0n;
    if (!isGranule(state, addr, 'UNDELEGATED') || state.gpt(addr) !== 'GPT_NS') return results(x, REFUSED);
    if (state.gtsi('REALM', addr) !== 0n) throw new Error('EL3 refused');
    state.setGranule(addr, 'DELEGATED');
    state.wipe(addr);
    return results(x, DONE);
  },
  undelegate(x) {
    const addr = x[1] ?? 0n;
    if (!isGranule(state, addr, 'DELEGATED')) return results(x, REFUSED);
    state.wipe(addr);
    if (state.gtsi('NS', addr) !== 0n) throw new Error('EL3 refused');
    state.setGranule(addr, 'UNDELEGATED');
    return results(x, DONE);
  },
  readEntry(x) {
    const [, rd = 0n, ipa = 0n, third = 0n] = x;
    if (!isGranule(state, rd, 'RD')) return results(x, REFUSED);
    const realm = state.realm(rd);
    const level = Number(BigInt.asIntN(64, third));
    if (level < realm.rtt_level_start || level > 3) return results(x, REFUSED);
    if (ipa % (1n << BigInt(39 - 9 * level)) !== 0n) return results(x, REFUSED);
    if (ipa >= 1n << BigInt(realm.ipa_width)) return results(x, REFUSED);
    const walk = state.walk(rd, ipa, level);
    const { state: hipas, addr, attr, ripas } = walk.rtte;
    const out = results(x, DONE);
    out[1] = BigInt.asUintN(64, BigInt(walk.level));
    out[2] = BigInt(RMI_RTT_ENTRY_STATE[hipas.replace('_NS', '')]);
    out[3] = (addr & 0x3_ffff_ffff_f000n) | (((addr >> 50n) & 3n) << 8n) | attr;
    out[4] = BigInt(hipas === 'TABLE' ? 0 : RMI_RIPAS[ripas]);
    return out;
  },
});

/** Finds the function by its identifier, as the dispatcher does. */
const dispatch =
  ({ delegate, undelegate, readEntry }) =>
  (x) => {
    switch (functionId(x[0] ?? 0n)) {
      case DELEGATE:
        return delegate(x);
      case UNDELEGATE:
        return undelegate(x);
      case READ_ENTRY:
        return readEntry(x);
      default:
        return results(x, SMCCC_NOT_SUPPORTED);
    }
  };

/** Commands as data by the runner, tracing off, by the same commands written by hand, on the same machine. */
export const runner = () => {
  const platform = bootMachine();
  const granules = createGranules(platform);
  const realm = launchRealm(
    platform,
    planOf(0x1000, (_, length) => new Uint8Array(length)),
    { granules },
  );
  const { rmm } = platform;
  const hand = dispatch(byHand(rmm.state));
  const free = granules.allocate();
  const delegate = [FID.RMI_GRANULE_DELEGATE, free];
  const undelegate = [FID.RMI_GRANULE_UNDELEGATE, free];
  const readEntry = [FID.RMI_RTT_READ_ENTRY, realm.rd, realm.plan.memory.base, 3n];
  const same = rmm.rmi(0, readEntry).x.every((x, n) => x === hand(readEntry)[n]);
  if (!same) throw new Error('bench: the two do not answer the same');

  const repeated = (call) => () => () => {
    for (let i = 0; i < CALLS; i += 1) call();
  };
  const rows = [
    [
      'delegate',
      'GRANULE_DELEGATE and UNDELEGATE',
      () => {
        rmm.rmi(0, delegate);
        rmm.rmi(0, undelegate);
      },
      () => {
        hand(delegate);
        hand(undelegate);
      },
    ],
    ['read-entry', 'RTT_READ_ENTRY', () => rmm.rmi(0, readEntry), () => hand(readEntry)],
  ];
  return rows.map(([id, what, byRunner, written]) => ({
    id: `runner-${id}`,
    what: `${CALLS} × ${what} as data, by the same written by hand`,
    limit: 2,
    ...interleave({ repetitions: 40, warmUp: 10 }, repeated(byRunner), repeated(written)),
  }));
};

import {
  E_RMM,
  el3CallOf,
  functionId,
  type HesPort,
  type MeasuredBootPort,
  PSA_ALG,
  PSA_ECC_FAMILY_SECP_R1,
  type PsaReply,
  TOKEN_SIGN_OP,
} from '../abi/index.ts';
import { coseKeyBytes } from '../cose/index.ts';
import { type Crypto, type Entropy, type PublicKey, parseSec1Point, sec1Point } from '../crypto/index.ts';
import type { PhysicalMemory } from '../machine/index.ts';
import type { Registers } from '../trace/index.ts';
import { editedBytes, editedClaims, flipped } from './edit.ts';
import { type Act, type FaultComponent, type RegisterValue, SEAMS, type Seam } from './plan.ts';
import type { FaultSession } from './session.ts';

/** The chip as faults move it. */
export interface FaultyChip extends MeasuredBootPort {
  activate(component: FaultComponent): unknown;
  reset(): void;
}

export interface FaultPorts {
  readonly session: FaultSession;
  readonly crypto: Crypto;
  /** The chip of the machine, once there is one. */
  readonly chip: () => FaultyChip | undefined;
  /** Another chip of the same group that boots the same firmware. */
  readonly otherChip: (seed: string) => HesPort;
}

type Call<Q, A> = (request: Q) => A;

/** What each act that is due makes of a call, one around the other. */
export const around = <Q, A>(
  acts: readonly Act[],
  call: Call<Q, A>,
  wrap: (act: Act, inner: Call<Q, A>) => Call<Q, A>,
): Call<Q, A> => acts.reduce((inner, act) => wrap(act, inner), call);

/** What comes before the call itself. */
const move = ({ chip }: FaultPorts, { extend, activate, reset }: Act): void => {
  const target = chip();
  if (extend !== undefined) {
    target?.extendMeasurement({
      index: extend.slot,
      signer_id: extend.signerId,
      version: extend.version,
      measurement_algo: PSA_ALG[extend.algorithm],
      sw_type: extend.type,
      measurement_value: extend.digest,
      lock_measurement: extend.lock,
    });
  }
  if (activate !== undefined) target?.activate(activate);
  if (reset) target?.reset();
};

const instead = ({ fail }: Act): { readonly status: NonNullable<Act['fail']> } | undefined =>
  fail === undefined ? undefined : { status: fail };

const editedReply = (act: Act, reply: PsaReply<Uint8Array>): PsaReply<Uint8Array> =>
  reply.status === 'PSA_SUCCESS' ? { status: reply.status, value: editedBytes(reply.value, act) } : reply;

/** The key that every chip delegates to a monitor, which comes before its token. */
const REALM_KEY = {
  ecc_curve: PSA_ECC_FAMILY_SECP_R1,
  key_bits: 384,
  hash_algo: PSA_ALG['sha-256'],
  key_buf_size: 4096,
};

/** HES as EL3 reaches it. */
export const faultyHes = (ports: FaultPorts, hes: HesPort): HesPort => {
  const { session, crypto, otherChip } = ports;
  let delegated: PublicKey | undefined;

  const hash = (
    { form, algorithm }: NonNullable<Act['rehash']>,
    given: Uint8Array | undefined,
  ): Uint8Array | undefined =>
    delegated === undefined
      ? given
      : crypto.hash(algorithm).digest(form === 'raw' ? sec1Point(delegated) : coseKeyBytes(delegated));

  const service =
    <Q>(seam: Seam, call: Call<Q, PsaReply<Uint8Array>>): Call<Q, PsaReply<Uint8Array>> =>
    (request) =>
      around(session.due(seam, []), call, (act, inner) => (asked) => {
        move(ports, act);
        return editedReply(act, instead(act) ?? inner(asked));
      })(request);

  const getDelegatedKey = service('hes.getDelegatedKey', (request: Parameters<HesPort['getDelegatedKey']>[0]) => {
    const reply = hes.getDelegatedKey(request);
    if (reply.status === 'PSA_SUCCESS') delegated = crypto.publicKey({ curve: 'P-384', scalar: reply.value });
    return reply;
  });
  const getDelegatedPublicKey = service(
    'hes.getDelegatedPublicKey',
    (request: Parameters<HesPort['getDelegatedPublicKey']>[0]) => {
      const reply = hes.getDelegatedPublicKey(request);
      if (reply.status === 'PSA_SUCCESS') delegated = parseSec1Point('P-384', reply.value);
      return reply;
    },
  );

  return {
    getDelegatedKey,
    getDelegatedPublicKey,
    signWithDelegatedKey: service('hes.signWithDelegatedKey', (request) => hes.signWithDelegatedKey(request)),
    getPlatformToken: (request) => {
      const { dak_pub_hash } = request;
      const acts = session.due('hes.getPlatformToken', dak_pub_hash === undefined ? [] : [dak_pub_hash]);
      return around(
        acts,
        (asked: typeof request) => hes.getPlatformToken(asked),
        (act, inner) => (asked) => {
          move(ports, act);
          const rehashed = act.rehash === undefined ? asked.dak_pub_hash : hash(act.rehash, asked.dak_pub_hash);
          const given =
            act.flipRequest === undefined || rehashed === undefined ? rehashed : flipped(rehashed, act.flipRequest);
          const edited = { ...asked, dak_pub_hash: given };
          const other = act.ask === undefined ? undefined : otherChip(act.ask);
          other?.getDelegatedKey(REALM_KEY);
          return editedReply(act, instead(act) ?? other?.getPlatformToken(edited) ?? inner(edited));
        },
      )(request);
    },
  };
};

const SUCCEEDED: PsaReply<undefined> = { status: 'PSA_SUCCESS', value: undefined };

/** HES as boot firmware reaches it. */
export const faultyMeasuredBoot = ({ session }: FaultPorts, port: MeasuredBootPort): MeasuredBootPort => ({
  readMeasurement: (request) => port.readMeasurement(request),
  extendMeasurement: (request) =>
    around(
      session.due('hes.extendMeasurement', [request.measurement_value]),
      (asked: typeof request) => port.extendMeasurement(asked),
      (act, inner) => (asked) => instead(act) ?? (act.skip ? SUCCEEDED : inner(asked)),
    )(request),
});

/** The claims of a platform token before they are signed. */
export const faultyClaims = ({ session }: FaultPorts, payload: Uint8Array): Uint8Array =>
  session
    .due('hes.claims', [payload])
    .reduce(
      (claims, act) => editedBytes(act.claims === undefined ? claims : editedClaims(claims, act.claims), act),
      payload,
    );

const faultyBytes = (
  { session }: FaultPorts,
  seam: Seam,
  carried: readonly Uint8Array[],
  bytes: Uint8Array,
): Uint8Array => session.due(seam, carried).reduce((edited, act) => editedBytes(edited, act), bytes);

/** Cryptography as one room uses it. */
export const faultyCrypto = (ports: FaultPorts, room: 'hes' | 'rmm', crypto: Crypto): Crypto => {
  const sign: Seam = `${room}.crypto.sign`;
  return {
    ...crypto,
    sign: (algorithm, key, message) => faultyBytes(ports, sign, [message], crypto.sign(algorithm, key, message)),
    signDigest: (algorithm, key, digest) =>
      faultyBytes(ports, sign, [digest], crypto.signDigest(algorithm, key, digest)),
    hash(name) {
      const hash = crypto.hash(name);
      if (room === 'hes') return hash;
      return { ...hash, digest: (bytes) => faultyBytes(ports, 'rmm.crypto.digest', [bytes], hash.digest(bytes)) };
    },
  };
};

export const faultyEntropy = (ports: FaultPorts, entropy: Entropy): Entropy => ({
  bytes: (length) => faultyBytes(ports, 'rmm.entropy.bytes', [], entropy.bytes(length)),
  fork: (label) => faultyEntropy(ports, entropy.fork(label)),
});

type MonitorCall = (x: Registers, cpu?: number) => Registers;

/** The page that RMM and EL3 share. */
export interface SharedPage {
  readonly memory: PhysicalMemory;
  readonly pa: bigint;
}

const OP_NAMES = new Map<bigint, string>(Object.entries(TOKEN_SIGN_OP).map(([name, op]) => [op, name]));

/** The seam of an SMC of the RMM, if faults can act there. */
const seamOf = (x: Registers): Seam | undefined => {
  const call = el3CallOf(functionId(x[0] ?? 0n) ?? 0);
  const name = call === 'RMM_EL3_TOKEN_SIGN' ? `el3.${call}.${OP_NAMES.get(x[1] ?? 0n)}` : `el3.${call}`;
  return Object.hasOwn(SEAMS, name) ? (name as Seam) : undefined;
};

export const withRegisters = (x: Registers, changes: readonly RegisterValue[] = []): bigint[] => {
  const out = [...x];
  for (const { x: register, value } of changes) {
    while (out.length <= register) out.push(0n);
    out[register] = BigInt.asUintN(64, value);
  }
  return out;
};

const writeShared = ({ memory, pa }: SharedPage, { write }: Act): void => {
  if (write !== undefined) memory.write(pa + BigInt(write.at), write.bytes);
};

/** SMCs of the RMM to EL3. */
export const faultySmc =
  (ports: FaultPorts, page: SharedPage, monitor: MonitorCall): MonitorCall =>
  (x, cpu) => {
    const call = (asked: Registers): Registers => monitor(asked, cpu);
    const seam = seamOf(x);
    if (seam === undefined) return call(x);
    const carried = seam === 'el3.RMM_ATTEST_GET_PLAT_TOKEN' ? [page.memory.read(page.pa, 64)] : [];
    return around(ports.session.due(seam, carried), call, (act, inner) => (asked) => {
      move(ports, act);
      const args = withRegisters(asked, act.args);
      const answer = act.status === undefined ? inner(args) : [BigInt.asUintN(64, E_RMM[act.status])];
      writeShared(page, act);
      return withRegisters(answer, act.set);
    })(x);
  };

/** What EL3 enters the RMM with. */
export const faultyBootArguments = (ports: FaultPorts, page: SharedPage, args: Registers): Registers =>
  ports.session.due('el3.boot', []).reduce((x, act) => {
    move(ports, act);
    writeShared(page, act);
    return withRegisters(x, act.set);
  }, args);

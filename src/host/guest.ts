import { decodeRsiStatus, type RsiStatus } from '../abi/index.ts';
import { concatBytes, padEnd, toDoublewords } from '../bytes/index.ts';
import { type RealmAccess, type RealmEvent, RMM_1_0 } from '../rmm/index.ts';
import type { Registers } from '../trace/index.ts';
import { HostError } from './rmi.ts';

/** What the software in a Realm does next: an SMC, with X0 on as far as they are given, an access to memory, a wait. */
export type GuestAct = { readonly smc: Registers } | RealmAccess | RealmEvent;

/** What came of it: result registers, bytes that were read, or an exception that was taken. */
export interface GuestResult {
  readonly x: Registers;
  readonly bytes?: Uint8Array;
  readonly exception?: string;
}

/**
 * The software of one REC, as a generator: it yields what it does and is resumed with what came of it. It can stop at
 * any act for as long as the Host likes; an act that the Host has to help with is simply resumed later.
 */
export type Guest<T = void> = Generator<GuestAct, T, GuestResult>;

const FID: ReadonlyMap<string, bigint> = new Map(
  [...RMM_1_0.rsi, ...RMM_1_0.psci].map(({ name, fid }) => [name, BigInt(fid)]),
);

/** One RSI or PSCI call by its name. @returns result registers. */
export function* call(name: string, ...args: readonly bigint[]): Guest<Registers> {
  const { x } = yield { smc: [FID.get(name) ?? 0n, ...args] };
  return x;
}

const status = (x: Registers): RsiStatus | 'NOT_SUPPORTED' => decodeRsiStatus(x[0] ?? 0n) ?? 'NOT_SUPPORTED';

function* succeeding(name: string, ...args: readonly bigint[]): Guest<Registers> {
  const x = yield* call(name, ...args);
  if (status(x) !== 'RSI_SUCCESS') throw new HostError('GUEST_FAILED', `${name} answered ${status(x)}`);
  return x;
}

/** Negotiates the RSI and reads the Realm's configuration into the granule at `page`, as a kernel does when it starts. */
export function* probe(page: bigint): Guest<{ readonly ipaWidth: bigint; readonly hash: number }> {
  yield* succeeding('RSI_VERSION', 0x1_0000n);
  yield* succeeding('RSI_REALM_CONFIG', page);
  const { bytes } = yield { access: 'read', ipa: page, length: 16 };
  const view = new DataView((bytes ?? new Uint8Array(16)).slice().buffer);
  return { ipaWidth: view.getBigUint64(0, true), hash: view.getUint8(8) };
}

/** Extends REM `index` (1 to 4) with up to 64 bytes. */
export function* extendMeasurement(index: number, value: Uint8Array): Guest {
  yield* succeeding('RSI_MEASUREMENT_EXTEND', BigInt(index), BigInt(value.length), ...toDoublewords(padEnd(value, 64)));
}

/** Reads the 64 bytes of a measurement: 0 is the RIM. */
export function* readMeasurement(index: number): Guest<Registers> {
  const x = yield* succeeding('RSI_MEASUREMENT_READ', BigInt(index));
  return x.slice(1, 9);
}

const GRANULE = 0x1000;

/**
 * Fetches a token for a challenge of 64 bytes, by way of the granule at `page`: the loop of a kernel driver. It goes on
 * while the RMM says INCOMPLETE, whatever came with it, copies each granule out when it is full, and trusts neither
 * a length nor the upper bound with more than it gave room for.
 */
export function* fetchToken(challenge: Uint8Array, page: bigint): Guest<Uint8Array> {
  const [, bound = 0n] = yield* succeeding('RSI_ATTESTATION_TOKEN_INIT', ...toDoublewords(padEnd(challenge, 64)));
  let token: Uint8Array = new Uint8Array();
  for (;;) {
    let filled = 0;
    let answer: RsiStatus | 'NOT_SUPPORTED';
    do {
      const x = yield* call('RSI_ATTESTATION_TOKEN_CONTINUE', page, BigInt(filled), BigInt(GRANULE - filled));
      answer = status(x);
      if (answer !== 'RSI_SUCCESS' && answer !== 'RSI_INCOMPLETE') {
        throw new HostError('GUEST_FAILED', `RSI_ATTESTATION_TOKEN_CONTINUE answered ${answer}`);
      }
      const length = Number(x[1] ?? 0n);
      if (length > GRANULE - filled)
        throw new HostError(
          'GUEST_FAILED',
          `RSI_ATTESTATION_TOKEN_CONTINUE brought ${length} bytes into ${GRANULE - filled}`,
        );
      filled += length;
    } while (answer === 'RSI_INCOMPLETE' && filled < GRANULE);
    const { bytes = new Uint8Array() } = yield { access: 'read', ipa: page, length: filled };
    token = concatBytes(token, bytes);
    if (BigInt(token.length) > bound)
      throw new HostError('GUEST_FAILED', `the token is longer than the ${bound} bytes promised`);
    if (answer === 'RSI_SUCCESS') return token;
  }
}

/** Hands registers to the Host by way of the structure at `at` (256-byte aligned). @returns what the Host put there. */
export function* hostCall(at: bigint, imm: number, gprs: readonly bigint[]): Guest<Registers> {
  const structure = new Uint8Array(256);
  const view = new DataView(structure.buffer);
  view.setUint16(0, imm, true);
  gprs.forEach((value, n) => {
    view.setBigUint64(8 + 8 * n, value, true);
  });
  yield { access: 'write', ipa: at, bytes: structure };
  yield* succeeding('RSI_HOST_CALL', at);
  const { bytes = new Uint8Array(256) } = yield { access: 'read', ipa: at, length: 256 };
  return toDoublewords(bytes).slice(1);
}

/** Turns the Realm off. Control does not come back. */
export function* systemOff(): Guest {
  yield* call('PSCI_SYSTEM_OFF');
}

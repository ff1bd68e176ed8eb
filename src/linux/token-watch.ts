import { decodeRsiStatus, GRANULE } from '../abi/index.ts';
import { concatBytes, fromDoublewords } from '../bytes/index.ts';
import type { FetchedToken } from '../host/index.ts';
import { RMM_1_0 } from '../rmm/index.ts';
import type { CallWatcher } from './cpus.ts';

const fidOf = (name: string): bigint => BigInt(RMM_1_0.rsi.find((each) => each.name === name)?.fid ?? 0);
const INIT = fidOf('RSI_ATTESTATION_TOKEN_INIT');
const CONTINUE = fidOf('RSI_ATTESTATION_TOKEN_CONTINUE');
const CHALLENGE_REGISTERS = 8;

/** Far above any token: what is longer is no token, whoever says so. */
const MAX_TOKEN = 1 << 20;

/**
 * Puts together the tokens that a guest is given, piece by piece as it gets them.
 *
 * @param read     bytes of the guest's memory.
 * @param onToken  told of each token that is complete.
 */
export const watchTokens = (
  read: (ipa: bigint, length: number) => Uint8Array,
  onToken: (token: FetchedToken) => void,
): CallWatcher => {
  /** What each CPU has of the token that it waits for. */
  const open = new Map<number, FetchedToken>();
  return (asked, answered, cpu) => {
    const [fid, ipa = 0n, offset = 0n] = asked;
    const status = decodeRsiStatus(answered[0] ?? 0n);
    if (fid === INIT) {
      const challenge = fromDoublewords(asked.slice(1, 1 + CHALLENGE_REGISTERS));
      if (status === 'RSI_SUCCESS') open.set(cpu, { challenge, token: new Uint8Array() });
      return;
    }
    const begun = fid === CONTINUE ? open.get(cpu) : undefined;
    if (begun === undefined || (status !== 'RSI_INCOMPLETE' && status !== 'RSI_SUCCESS')) return;
    const length = answered[1] ?? 0n;
    const fits = offset + length <= GRANULE && begun.token.length + Number(length) <= MAX_TOKEN;
    if (!fits) {
      open.delete(cpu);
      return;
    }
    const token = concatBytes(begun.token, read(ipa + offset, Number(length)));
    if (status === 'RSI_INCOMPLETE') open.set(cpu, { ...begun, token });
    else {
      open.delete(cpu);
      onToken({ ...begun, token });
    }
  };
};

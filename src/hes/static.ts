import type { HesPort, PsaReply } from '../abi/index.ts';
import { toHex } from '../bytes/index.ts';
import { coseKeyBytes } from '../cose/index.ts';
import { type Crypto, CURVES, type PublicKey, sec1Point } from '../crypto/index.ts';
import type { TraceSink } from '../trace/index.ts';
import { hashNameOf } from './boot-state.ts';
import type { Hes } from './hes.ts';
import { refused } from './operations.ts';
import { EMPTY_SLOTS } from './slots.ts';

/** What a HES serves that has no chip behind it, as ports of TF-A to FVP and QEMU do (hes 4.4). */
export interface StaticFiles {
  /** The RAK, a scalar of P-384. */
  readonly rak: Uint8Array;
  readonly platformToken: Uint8Array;
  /** The key that is said to have signed the platform token, where the user has it. */
  readonly cpak?: PublicKey | undefined;
}

export interface StaticHesOptions {
  readonly crypto: Crypto;
  readonly files: StaticFiles;
  readonly trace?: TraceSink | undefined;
}

/**
 * A HES that hands out one key and one token, whatever it is asked: parameters and challenge do not matter, so that the
 * binding holds for the key that the token was made for, and for no other.
 */
export const createStaticHes = ({ crypto, files, trace }: StaticHesOptions): Hes => {
  const { rak: scalar, platformToken, cpak } = files;
  const key = { curve: 'P-384', scalar } as const;
  const rak = crypto.publicKey(key);
  const give = (value: Uint8Array, room: number): PsaReply<Uint8Array> =>
    value.length > room
      ? { status: 'PSA_ERROR_BUFFER_TOO_SMALL' }
      : { status: 'PSA_SUCCESS', value: Uint8Array.from(value) };
  const thumbprint = rak && toHex(crypto.hash('sha-256').digest(coseKeyBytes(rak)));

  const port: HesPort = {
    getDelegatedKey(request) {
      const reply = give(scalar, request.key_buf_size);
      trace?.({ type: 'hes.delegated_key', detail: { ...request, thumbprint }, result: reply.status });
      return reply;
    },
    getDelegatedPublicKey: (request) =>
      rak === undefined ? { status: 'PSA_ERROR_GENERIC_ERROR' } : give(sec1Point(rak), request.key_buf_size),
    signWithDelegatedKey({ hash_algo, hash }) {
      const fits = hashNameOf(hash_algo) === 'sha-384' && hash.length === CURVES['P-384'].size && rak !== undefined;
      if (!fits) return { status: 'PSA_ERROR_INVALID_ARGUMENT' };
      return { status: 'PSA_SUCCESS', value: crypto.signDigest('ES384', key, hash) };
    },
    getPlatformToken({ dak_pub_hash, token_buf_size }) {
      const reply = give(platformToken, token_buf_size);
      trace?.({
        type: 'hes.platform_token',
        detail: { dak_pub_hash: dak_pub_hash && toHex(dak_pub_hash), token_size: platformToken.length },
        result: reply.status,
      });
      return reply;
    },
  };

  return {
    ...port,
    extendMeasurement: () => ({ status: 'PSA_ERROR_NOT_SUPPORTED' }),
    readMeasurement: () => ({ status: 'PSA_ERROR_NOT_SUPPORTED' }),
    status: () => ({ epoch: { boot: 0, lfa: 0 }, firmware: 'static', cpak, rak, slots: EMPTY_SLOTS, refused: [] }),
    memory: () => undefined,
    reset: () => undefined,
    apReset: () => undefined,
    setLifecycle: () => refused('NO_CHIP'),
    rotateCpak: () => refused('NO_CHIP'),
    rotateGuk: () => refused('NO_CHIP'),
    activate: () => 'LFA_NOT_SUPPORTED',
    fork: ({ trace: other } = {}) => createStaticHes({ crypto, files, trace: other }),
  };
};

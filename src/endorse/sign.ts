import { encode } from '../cbor/index.ts';
import { ALGORITHM_ID, encodeSign1, HEADER } from '../cose/index.ts';
import type { Crypto, PrivateKey } from '../crypto/index.ts';
import { intMap } from './corim.ts';

/** Labels of the protected header of a signed CoRIM (draft-ietf-rats-corim 4.2). */
const CORIM_HEADER = { contentType: 3, meta: 8 } as const;
const CONTENT_TYPE = 'application/rim+cbor';

/** Signs a CoRIM with a P-384 key: `#6.18` COSE_Sign1, the signer named in its metadata. */
export const signCorim = (crypto: Crypto, unsigned: Uint8Array, key: PrivateKey, signer: string): Uint8Array =>
  encodeSign1(
    {
      protected: new Map<number, number | string | Uint8Array>([
        [HEADER.alg, ALGORITHM_ID.ES384],
        [CORIM_HEADER.contentType, CONTENT_TYPE],
        [CORIM_HEADER.meta, encode(intMap({ 0: intMap({ 0: signer }) }))],
      ]),
      payload: unsigned,
    },
    (toBeSigned) => crypto.sign('ES384', key, toBeSigned),
  );

import { at, bytes, type Infer, layout, u16, u32, u64 } from '../../bytes/index.ts';

const SPEC = 'rmm-el3 4.5';

/** Operations of RMM_EL3_TOKEN_SIGN, in X1. */
export const TOKEN_SIGN_OP = { PUSH_REQ: 1n, PULL_RESP: 2n, GET_RAK_PUB: 3n } as const;

/** The one signature algorithm, ECDSA on P-384, and the one hash, SHA-384. */
export const TOKEN_SIGN_ALG = { ECDSA_P384: 0, SHA_384: 1 } as const;

/** What the RMM pushes: a hash to be signed, and two values that come back unchanged. */
export const TokenSignRequest = layout(
  'el3_token_sign_request',
  { size: 0x60, spec: SPEC },
  {
    sig_alg_id: at(0x00, u32, 'signature algorithm'),
    cookie: at(0x08, u64, 'PA of the REC'),
    ticket: at(0x10, u64, 'number of the request'),
    hash_alg_id: at(0x18, u32, 'algorithm of the hash'),
    hash: at(0x20, bytes(64), 'hash of the Sig_structure, at its head'),
  },
);
export type TokenSignRequest = Infer<typeof TokenSignRequest>;

/** What the RMM pulls. */
export const TokenSignResponse = layout(
  'el3_token_sign_response',
  { size: 0x218, spec: SPEC },
  {
    cookie: at(0x00, u64, 'of the request'),
    ticket: at(0x08, u64, 'of the request'),
    sig_len: at(0x10, u16, 'bytes of the signature'),
    sig: at(0x12, bytes(512), 'r‖s, at its head'),
  },
);
export type TokenSignResponse = Infer<typeof TokenSignResponse>;

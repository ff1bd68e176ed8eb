import {
  CHALLENGE_SIZES,
  type DelegatedKeyRequest,
  PLATFORM_TOKEN_LIMIT,
  type PlatformTokenRequest,
  PSA_ALG,
  PSA_ECC_FAMILY_SECP_R1,
  type PsaError,
  type PsaReply,
  type SignRequest,
} from '../abi/index.ts';
import { equalBytes } from '../bytes/index.ts';
import { CURVES, HASH_OF, type HashName, type PublicKey, type SignatureAlgorithm } from '../crypto/index.ts';
import { keyBytes } from '../token/index.ts';
import { bootStateCbor, hashNameOf } from './boot-state.ts';
import { attestationKey } from './key-tree.ts';
import { platformToken } from './platform-token.ts';
import { type Chip, type DelegatedKey, type HesState, keyPair } from './state.ts';

const refuse = (status: PsaError): { readonly status: PsaError } => ({ status });

/** The hash of a public key in the form that this HES hashes. */
export const keyHash = ({ crypto, dialect, switches }: Chip, hash: HashName, key: PublicKey): Uint8Array =>
  crypto.hash(hash).digest(keyBytes(switches.keyHash, key, dialect.rakOrder));

/** What Islet delegates whatever is asked (hes 5). */
const FIXED_REQUEST = {
  ecc_curve: PSA_ECC_FAMILY_SECP_R1,
  key_bits: 384,
  hash_algo: PSA_ALG['sha-256'],
} as const;

/** GET_DELEGATED_KEY, its checks in the order of the partition (hes 2). The previous key is forgotten on success. */
export const delegateKey = (chip: Chip, state: HesState, asked: DelegatedKeyRequest): PsaReply<DelegatedKey> => {
  const request = chip.switches.keyRequest === 'ignored' ? { ...asked, ...FIXED_REQUEST } : asked;
  const curve = Object.values(CURVES).find(({ bits }) => bits === request.key_bits);
  if (request.ecc_curve !== PSA_ECC_FAMILY_SECP_R1 || curve === undefined) return refuse('PSA_ERROR_INVALID_ARGUMENT');
  if (request.key_buf_size < curve.size) return refuse('PSA_ERROR_BUFFER_TOO_SMALL');
  const hash = hashNameOf(request.hash_algo);
  if (hash === undefined) return refuse('PSA_ERROR_NOT_SUPPORTED');
  const info = bootStateCbor(state.slots, chip.switches);
  if (info.length === 0) return refuse('PSA_ERROR_INVALID_ARGUMENT');
  const privateKey = attestationKey(chip.crypto, state.dakSeed, curve.name, info);
  return { status: 'PSA_SUCCESS', value: { ...keyPair(chip.crypto, privateKey), hash } };
};

/**
 * What the token is to be bound to, or why not: a hash of a legal size, a delegated key, the size of that key's hash, that
 * key's hash itself, in this order (hes 2).
 */
const bindingOf = (chip: Chip, { dak }: HesState, given: Uint8Array | undefined): Uint8Array | undefined => {
  if (given !== undefined && !CHALLENGE_SIZES.includes(given.length)) return undefined;
  if (dak === undefined) return undefined;
  const own = keyHash(chip, dak.hash, dak.publicKey);
  if (given === undefined) return own;
  if (!chip.switches.challengeCheck) return given;
  return given.length === own.length && equalBytes(given, own) ? given : undefined;
};

/**
 * GET_PLATFORM_TOKEN. The slots are read anew, so that what was extended after the key was delegated shows in the token
 * while the key is older (hes 2).
 */
export const createPlatformToken = (
  chip: Chip,
  state: HesState,
  { dak_pub_hash, token_buf_size }: PlatformTokenRequest,
): PsaReply<Uint8Array> => {
  const binding = bindingOf(chip, state, dak_pub_hash);
  if (binding === undefined) return refuse('PSA_ERROR_INVALID_ARGUMENT');
  const token = platformToken(chip, state, binding);
  if (token.length > Math.min(token_buf_size, PLATFORM_TOKEN_LIMIT)) return refuse('PSA_ERROR_BUFFER_TOO_SMALL');
  return { status: 'PSA_SUCCESS', value: token };
};

const ALGORITHM_OF = new Map(
  Object.entries(HASH_OF).map(([algorithm, hash]) => [hash, algorithm as SignatureAlgorithm] as const),
);

/** Signs a digest with the delegated key: the algorithm is the one that takes its hash. */
export const signWithDak = (
  { crypto }: Chip,
  { dak }: HesState,
  { hash_algo, hash }: SignRequest,
): PsaReply<Uint8Array> => {
  const name = hashNameOf(hash_algo);
  const algorithm = name && ALGORITHM_OF.get(name);
  if (dak === undefined || name === undefined || algorithm === undefined) return refuse('PSA_ERROR_INVALID_ARGUMENT');
  if (hash.length !== crypto.hash(name).size) return refuse('PSA_ERROR_INVALID_ARGUMENT');
  return { status: 'PSA_SUCCESS', value: crypto.signDigest(algorithm, dak.privateKey, hash) };
};

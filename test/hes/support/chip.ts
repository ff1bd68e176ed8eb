import { PSA_ALG, PSA_ECC_FAMILY_SECP_R1, type PsaReply } from '../../../src/abi/index.ts';
import { coseKeyBytes } from '../../../src/cose/index.ts';
import { nodeCrypto as crypto } from '../../../src/crypto/node.ts';
import {
  type ChipHes,
  createHes,
  type FirmwareComponent,
  type FirmwareSet,
  type Hes,
  type HesOptions,
} from '../../../src/hes/index.ts';

export { crypto };

const digest = (text: string): Uint8Array => crypto.hash('sha-256').digest(new TextEncoder().encode(text));

export const component = (slot: number, type: string, changes: Partial<FirmwareComponent> = {}): FirmwareComponent => ({
  slot,
  type,
  version: '1.0.0',
  signerId: new Uint8Array(32).fill(0x51),
  algorithm: 'sha-256',
  digest: digest(`${type} image`),
  lock: false,
  ...changes,
});

/** A few components, one of each kind of boot loader. */
export const smallSet = (changes: Partial<FirmwareSet> = {}): FirmwareSet => ({
  name: 'small',
  summary: 'four components',
  lcs: 'SE',
  dcu: new Uint8Array(16),
  bl12Hash: digest('RSE_BL1_2 image'),
  components: [
    component(0, 'RSE_BL1_2', { lock: true }),
    component(2, 'RSE_S'),
    component(11, 'AP_BL31'),
    component(14, 'RMM'),
  ],
  updates: [],
  defaults: {},
  ...changes,
});

export const chip = (options: Partial<HesOptions> = {}): ChipHes =>
  createHes({ crypto, firmware: smallSet(), ...options });

export const keyRequest = {
  ecc_curve: PSA_ECC_FAMILY_SECP_R1,
  key_bits: 384,
  hash_algo: PSA_ALG['sha-256'] as number,
  key_buf_size: 4096,
};

export const granted = <T>(reply: PsaReply<T>): T => {
  if (reply.status !== 'PSA_SUCCESS') throw new Error(reply.status);
  return reply.value;
};

/** The hash by which the delegated key is bound, once it was asked for. */
export const ownHash = (hes: Hes, hash: 'sha-256' | 'sha-384' | 'sha-512' = 'sha-256'): Uint8Array => {
  const { rak } = hes.status();
  if (rak === undefined) throw new Error('no key was delegated');
  return crypto.hash(hash).digest(coseKeyBytes(rak));
};

/** The delegated key's scalar and a platform token bound to it. */
export const pairOf = (hes: Hes): { readonly key: Uint8Array; readonly token: Uint8Array } => {
  const key = granted(hes.getDelegatedKey(keyRequest));
  const token = granted(hes.getPlatformToken({ dak_pub_hash: ownHash(hes), token_buf_size: 4096 }));
  return { key, token };
};

import { array, bytes, text } from '../wire.ts';
import { fill, set } from './edits.ts';

/** Claims of the Realm token. */
export const CHALLENGE = 'realm/10';
export const INSTANCE = 'realm/256';
export const PROFILE = 'realm/265';
export const RPV = 'realm/44235';
export const HASH = 'realm/44236';
export const RAK = 'realm/44237';
export const RIM = 'realm/44238';
export const REMS = 'realm/44239';
export const RAK_HASH = 'realm/44240';
export const MEC = 'realm/44243';
export const LFA = 'realm/44244';

/** Rows about the forms of the Realm key name the profile that fixes it. */
export const KEYED = { dialect: 'rmm-1.0' } as const;
export const LEGACY = { dialect: 'rmm-1.0-legacy' } as const;
export const OF_2024 = { dialect: 'rmm-2.0' } as const;

/** Members of a COSE_Key (RFC 9052 7.1, RFC 9053 7.1.1, 7.2). */
export const KTY = { okp: 1, ec2: 2 } as const;
export const CRV = { p256: 1, p384: 2, ed25519: 6 } as const;
export const SIGN = 1;
export const VERIFY = 2;

export const rems = (...sizes: readonly number[]) => array(...sizes.map((size, i) => bytes(fill(size, 0x20 + i))));
/** Measurements of another algorithm: its name and its sizes. */
export const measuredBy = (name: string, size: number) => [
  set(HASH, text(name)),
  set(RIM, bytes(fill(size, 0x11))),
  set(REMS, rems(size, size, size, size)),
];

/** What a verifier that overlooks it gives away. */
export const weak = { gain: 'weakness' } as const;
export const forged = { gain: 'forgery' } as const;

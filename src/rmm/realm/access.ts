import { RTT_PAGE_LEVEL } from '../../abi/index.ts';
import { addrIsInIpaSpace, addrIsProtected } from '../conditions/index.ts';
import { levelSize } from '../model/rtt.ts';
import type { RmmView } from '../model/view.ts';

/** What translating an IPA of a Realm comes to (RMM 1.0 A5.2, A5.3; rmm-model 4.4). */
export type Translation =
  /** Memory of the Realm: the byte at `pa`. */
  | { readonly kind: 'DATA'; readonly pa: bigint }
  /** Memory of the Normal world, with the S2AP that the Host gave. */
  | {
      readonly kind: 'NS';
      readonly pa: bigint;
      readonly read: boolean;
      readonly write: boolean;
      readonly level: number;
    }
  /** A Protected IPA whose RIPAS is EMPTY. */
  | { readonly kind: 'EMPTY' }
  /** A Protected IPA that the Host has to map, or has destroyed. */
  | { readonly kind: 'FAULT'; readonly level: number }
  /** An Unprotected IPA where nothing is mapped. */
  | { readonly kind: 'NS_FAULT'; readonly level: number }
  /** Beyond the Realm's IPA space. */
  | { readonly kind: 'OUTSIDE' };

const S2AP_READ = 1n << 6n;
const S2AP_WRITE = 1n << 7n;

/** Stage 2 of the Realm `rd`, for one IPA. */
export const translate = (rmm: RmmView, rd: bigint, ipa: bigint): Translation => {
  const realm = rmm.realm(rd);
  if (!addrIsInIpaSpace(ipa, realm)) return { kind: 'OUTSIDE' };
  const { level, rtte } = rmm.walk(rd, ipa, RTT_PAGE_LEVEL);
  const pa = rtte.addr + (ipa & (levelSize(level) - 1n));
  if (!addrIsProtected(ipa, realm)) {
    if (rtte.state !== 'ASSIGNED_NS') return { kind: 'NS_FAULT', level };
    return { kind: 'NS', pa, read: (rtte.attr & S2AP_READ) !== 0n, write: (rtte.attr & S2AP_WRITE) !== 0n, level };
  }
  if (rtte.ripas === 'EMPTY') return { kind: 'EMPTY' };
  if (rtte.ripas === 'RAM' && rtte.state === 'ASSIGNED') return { kind: 'DATA', pa };
  return { kind: 'FAULT', level };
};

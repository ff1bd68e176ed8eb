import type { Realm } from '../model/realm.ts';
import { levelSize } from '../model/rtt.ts';
import type { RmmView } from '../model/view.ts';

/** Bits of an offset in a granule. */
const GRANULE_BITS = 12;

/** AddrIsGranuleAligned (RMM 1.0 B3.3). */
export const addrIsGranuleAligned = (address: bigint): boolean => BigInt.asUintN(GRANULE_BITS, address) === 0n;

/** AddrIsRttLevelAligned (RMM 1.0 B3.5). Levels that no RTT has are not aligned to. */
export const addrIsRttLevelAligned = (address: bigint, level: number): boolean =>
  level >= -1 && level <= 3 && address % levelSize(level) === 0n;

/** AddrIsProtected: the lower half of the Realm's IPA space (RMM 1.0 B3.4). */
export const addrIsProtected = (ipa: bigint, realm: Realm): boolean => ipa < 1n << BigInt(realm.ipa_width - 1);

/** Inside the Realm's IPA space, either half. */
export const addrIsInIpaSpace = (ipa: bigint, realm: Realm): boolean => ipa < 1n << BigInt(realm.ipa_width);

/** AddrRangeIsProtected (RMM 1.0 B3.6). */
export const addrRangeIsProtected = (base: bigint, top: bigint, realm: Realm): boolean =>
  top > base &&
  top - base < 1n << BigInt(realm.ipa_width) &&
  addrIsProtected(base, realm) &&
  addrIsProtected(top - 1n, realm);

/** PaIsDelegable (RMM 1.0 B3.25). */
export const paIsDelegable = (rmm: RmmView, pa: bigint): boolean => rmm.isDelegable(pa);

/** GranuleAccessPermitted through the Non-secure PAS (RMM 1.0 B3.20). */
export const granuleIsNs = (rmm: RmmView, pa: bigint): boolean => {
  const entry = rmm.gpt(pa);
  return entry === 'GPT_NS' || entry === 'GPT_AAP';
};

/** A granule that is delegable and in the given state, whatever the alignment of `pa` says elsewhere. */
export const isDelegableIn = (rmm: RmmView, pa: bigint, state: 'DELEGATED' | 'RD' | 'REC'): boolean =>
  addrIsGranuleAligned(pa) && rmm.isDelegable(pa) && rmm.granule(pa) === state;

import { MemoryBank, RMM_MANIFEST_VERSIONS, RmmManifest, type RmmManifestVersion } from '../abi/index.ts';
import { concatBytes, toDoublewords } from '../bytes/index.ts';
import { GRANULE_SIZE, type MachineProfile } from '../machine/index.ts';

/** The version of the list of root complexes, of which this machine has none. */
const RC_INFO_VERSION = 1;

/** Where the elements of the lists begin in the shared page: right behind the largest manifest. */
const ELEMENTS = RmmManifest.size;

/** How many DRAM banks the shared page has room for. */
export const MAX_DRAM_BANKS = Math.floor((GRANULE_SIZE - ELEMENTS) / MemoryBank.size);

/**
 * The boot manifest of a machine, as it stands at the base of the shared page (rmm-el3 2.4).
 *
 * @param page  PA of that page: the pointers inside are physical addresses.
 * @returns     one page; what the version does not have is zero.
 */
export const bootManifest = (
  profile: MachineProfile,
  page: bigint,
  manifestVersion: RmmManifestVersion,
): Uint8Array<ArrayBuffer> => {
  const { version, size } = RMM_MANIFEST_VERSIONS[manifestVersion];
  const ascending = [...profile.dram].sort((a, b) => (a.base < b.base ? -1 : 1));
  const banks = concatBytes(...ascending.map((bank) => MemoryBank.encode(bank)));
  const list = [BigInt(ascending.length), page + BigInt(ELEMENTS)];
  const sum = [...list, ...toDoublewords(banks)].reduce((a, b) => a + b, 0n);
  const manifest = RmmManifest.encode({
    version: Number(version),
    plat_dram: [...list, BigInt.asUintN(64, -sum)],
    rc_info_version: RC_INFO_VERSION,
  });
  const out = new Uint8Array(GRANULE_SIZE);
  out.set(manifest.subarray(0, size));
  if (size > RmmManifest.members.plat_dram.offset) out.set(banks, ELEMENTS);
  return out;
};

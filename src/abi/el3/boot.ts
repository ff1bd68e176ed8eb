import { array, at, type Infer, layout, u32, u64 } from '../../bytes/index.ts';
import { revision } from '../smccc.ts';

/** What RMM reports in X1 of RMM_BOOT_COMPLETE, in the order in which a cold boot checks (rmm-el3 2.3). */
export const RMM_BOOT = {
  E_RMM_BOOT_SUCCESS: 0n,
  E_RMM_BOOT_UNKNOWN: -1n,
  E_RMM_BOOT_VERSION_NOT_VALID: -2n,
  E_RMM_BOOT_CPUS_OUT_OF_RANGE: -3n,
  E_RMM_BOOT_CPU_ID_OUT_OF_RANGE: -4n,
  E_RMM_BOOT_INVALID_SHARED_BUFFER: -5n,
  E_RMM_BOOT_MANIFEST_VERSION_NOT_SUPPORTED: -6n,
  E_RMM_BOOT_MANIFEST_DATA_ERROR: -7n,
  E_RMM_BOOT_NO_MEM: -8n,
} as const;
export type RmmBoot = keyof typeof RMM_BOOT;

/** Versions of the interface that a monitor may announce (rmm-el3 1.2). */
export const EL3_INTERFACE_VERSIONS = {
  '0.1': revision(0, 1),
  '0.2': revision(0, 2),
  '0.3': revision(0, 3),
  '0.4': revision(0, 4),
  '0.5': revision(0, 5),
  '0.6': revision(0, 6),
  '0.7': revision(0, 7),
  '0.8': revision(0, 8),
  '1.0': revision(1, 0),
  '2.0': revision(2, 0),
} as const;
export type El3InterfaceVersion = keyof typeof EL3_INTERFACE_VERSIONS;

/** Versions of the boot manifest, and how many bytes of `RmmManifest` each has (rmm-el3 1.3, 2.4). */
export const RMM_MANIFEST_VERSIONS = {
  '0.1': { version: revision(0, 1), size: 16 },
  '0.2': { version: revision(0, 2), size: 40 },
  '0.3': { version: revision(0, 3), size: 64 },
  '0.4': { version: revision(0, 4), size: 112 },
  '0.5': { version: revision(0, 5), size: 168 },
} as const;
export type RmmManifestVersion = keyof typeof RMM_MANIFEST_VERSIONS;

const SPEC = 'rmm-el3 2.4';

/** A counted list elsewhere in the shared page: count, PA of the first element, checksum. */
const list = array(3, u64);

/**
 * The boot manifest, at the base of the shared page. The words of a list and of its elements, checksum included, sum to
 * zero modulo 2^64.
 */
export const RmmManifest = layout(
  'rmm_manifest',
  { size: 168, spec: SPEC },
  {
    version: at(0, u32, 'version of the manifest'),
    plat_data: at(8, u64, 'PA of platform data, or 0'),
    plat_dram: at(16, list, 'DRAM banks'),
    plat_console: at(40, list, 'consoles'),
    plat_ncoh_region: at(64, list, 'non-coherent device memory'),
    plat_coh_region: at(88, list, 'coherent device memory'),
    plat_smmu: at(112, list, 'SMMUs'),
    num_root_complex: at(136, u64, 'number of PCIe root complexes'),
    rc_info_version: at(144, u32, 'version of the root complex list'),
    root_complex: at(152, u64, 'PA of the first root complex, or 0'),
    root_complex_checksum: at(160, u64, 'checksum, nested arrays included'),
  },
);
export type RmmManifest = Infer<typeof RmmManifest>;

/** An element of `plat_dram`. */
export const MemoryBank = layout(
  'memory_bank',
  { size: 16, spec: SPEC },
  {
    base: at(0, u64, 'first PA'),
    size: at(8, u64, 'bytes'),
  },
);

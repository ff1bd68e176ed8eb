import { RMI_HASH_ALGORITHM, RMI_REALM_FLAG, type RmiHashAlgorithm, type RmiRealmParams } from '../../abi/index.ts';
import type { MachineProfile } from '../../machine/index.ts';
import { MIN_IPA_WIDTH } from '../model/rtt.ts';

/** The algorithm that an encoding of RmiHashAlgorithm names; undefined when it is reserved. */
export const hashAlgorithm = (encoding: number): RmiHashAlgorithm | undefined =>
  (Object.entries(RMI_HASH_ALGORITHM) as [RmiHashAlgorithm, number][]).find(([, value]) => value === encoding)?.[0];

/** RmiRealmParamsIsValid: no member holds a reserved encoding (RMM 1.0 B3.50). */
export const realmParamsIsValid = (params: RmiRealmParams): boolean => hashAlgorithm(params.hash_algo) !== undefined;

/** RealmParamsSupported: the machine has every feature that is asked for (RMM 1.0 B3.34). */
export const realmParamsSupported = (params: RmiRealmParams, machine: MachineProfile): boolean => {
  const asks = (flag: bigint): boolean => (params.flags & flag) !== 0n;
  if (asks(RMI_REALM_FLAG.lpa2) && !machine.lpa2) return false;
  if (params.s2sz < MIN_IPA_WIDTH || params.s2sz > machine.s2sz) return false;
  if (asks(RMI_REALM_FLAG.sve) && (machine.sve_vl === undefined || params.sve_vl > machine.sve_vl)) return false;
  // Counts are encoded minus one, and the encoding 0 is reserved.
  if (params.num_bps === 0 || params.num_bps > machine.num_bps) return false;
  if (params.num_wps === 0 || params.num_wps > machine.num_wps) return false;
  if (asks(RMI_REALM_FLAG.pmu)) {
    if (machine.pmu_num_ctrs === undefined || params.pmu_num_ctrs > machine.pmu_num_ctrs) return false;
    // Without FEAT_HPMN0 a PMU cannot be partitioned so that a guest has no counter at all.
    if (params.pmu_num_ctrs === 0 && !machine.hpmn0) return false;
  }
  const supported = { SHA_256: machine.hash_sha_256, SHA_512: machine.hash_sha_512 };
  const algorithm = hashAlgorithm(params.hash_algo);
  return algorithm !== undefined && supported[algorithm];
};

/** VmidIsValid: 8 bits, or 16 with FEAT_VMID16 (RMM 1.0 B3.82). */
export const vmidIsValid = (vmid: number, machine: MachineProfile): boolean => vmid < 2 ** machine.vmid_width;

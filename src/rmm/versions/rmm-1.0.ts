import type { PsciStatus, RmiResult, RsiStatus } from '../../abi/index.ts';
import type { Command } from '../../spec/index.ts';
import * as psci from '../psci/index.ts';
import * as rmi from '../rmi/index.ts';
import * as rsi from '../rsi/index.ts';

/** The command set of one revision of the specification. */
export interface CommandSet {
  readonly revision: string;
  readonly rmi: readonly Command<RmiResult>[];
  readonly rsi: readonly Command<RsiStatus>[];
  readonly psci: readonly Command<PsciStatus>[];
}

/** RMM 1.0-rel0, in the order of its function identifiers. */
export const RMM_1_0: CommandSet = {
  revision: 'RMM 1.0',
  rmi: [
    rmi.version,
    rmi.granuleDelegate,
    rmi.granuleUndelegate,
    rmi.dataCreate,
    rmi.dataCreateUnknown,
    rmi.dataDestroy,
    rmi.realmActivate,
    rmi.realmCreate,
    rmi.realmDestroy,
    rmi.recCreate,
    rmi.recDestroy,
    rmi.recEnter,
    rmi.rttCreate,
    rmi.rttDestroy,
    rmi.rttMapUnprotected,
    rmi.rttReadEntry,
    rmi.rttUnmapUnprotected,
    rmi.psciComplete,
    rmi.features,
    rmi.rttFold,
    rmi.recAuxCount,
    rmi.rttInitRipas,
    rmi.rttSetRipas,
  ],
  rsi: [
    rsi.version,
    rsi.features,
    rsi.measurementRead,
    rsi.measurementExtend,
    rsi.attestationTokenInit,
    rsi.attestationTokenContinue,
    rsi.realmConfig,
    rsi.ipaStateSet,
    rsi.ipaStateGet,
    rsi.hostCall,
  ],
  psci: [
    psci.version,
    psci.cpuSuspend,
    psci.cpuOff,
    psci.cpuOn,
    psci.affinityInfo,
    psci.systemOff,
    psci.systemReset,
    psci.features,
  ],
};

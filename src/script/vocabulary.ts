import {
  PSCI_FID,
  PSCI_STATUS,
  RMI_DATA_FLAG,
  RMI_ENTER_FLAG,
  RMI_HASH_ALGORITHM,
  RMI_REALM_FLAG,
  RMI_REC_EXIT_REASON,
  RMI_REC_FLAG,
  RMI_RIPAS,
  RMI_RTT_ENTRY_STATE,
  RMI_STATUS,
  RmiRealmParams,
  RmiRecEnter,
  RmiRecExit,
  RmiRecParams,
  RSI_STATUS,
  RsiHostCall,
  RsiRealmConfig,
  SMCCC_NOT_SUPPORTED,
  SMCCC_VERSION_FID,
} from '../abi/index.ts';
import type { Layout } from '../bytes/index.ts';
import { type CommandSet, RMM_1_0 } from '../rmm/index.ts';
import type { Command } from '../spec/index.ts';

export type Family = 'rmi' | 'rsi' | 'psci';

/** The words that a script may use besides its own. */
export interface Vocabulary {
  /** By the name without its prefix. */
  readonly commands: Readonly<Record<Family, ReadonlyMap<string, Command>>>;
  readonly structures: ReadonlyMap<string, Layout>;
  /** Numbers by the names that the specification gives them. */
  readonly constants: ReadonlyMap<string, bigint>;
  /** Return codes by their names without prefix. */
  readonly statuses: ReadonlySet<string>;
}

export const FAMILY_PREFIX: Readonly<Record<Family, string>> = { rmi: 'RMI_', rsi: 'RSI_', psci: 'PSCI_' };

const LAYOUTS: readonly Layout[] = [
  RmiRealmParams,
  RmiRecParams,
  RmiRecEnter,
  RmiRecExit,
  RsiHostCall,
  RsiRealmConfig,
] as readonly unknown[] as readonly Layout[];

const numbered = (record: Readonly<Record<string, number | bigint>>): [string, bigint][] =>
  Object.entries(record).map(([name, value]) => [name, BigInt.asUintN(64, BigInt(value))]);

/** A status without the interface in front of it: `RMI_ERROR_INPUT` and `RSI_ERROR_INPUT` are both `ERROR_INPUT`. */
export const bareStatus = (name: string): string => name.replace(/^(?:RMI|RSI|PSCI|SMCCC)_/, '');

const CONSTANTS: ReadonlyMap<string, bigint> = new Map([
  ...numbered(RMI_HASH_ALGORITHM),
  ...numbered(RMI_RIPAS),
  ...numbered(RMI_RTT_ENTRY_STATE),
  ...numbered(RMI_REALM_FLAG),
  ...numbered(RMI_REC_FLAG),
  ...numbered(RMI_DATA_FLAG),
  ...numbered(RMI_ENTER_FLAG),
  ...numbered(RSI_STATUS),
  ...numbered(PSCI_STATUS),
  ...numbered(PSCI_FID),
  ...numbered({ SMCCC_VERSION: SMCCC_VERSION_FID, SMCCC_NOT_SUPPORTED }),
]);

const STATUSES: ReadonlySet<string> = new Set(
  [...Object.keys(RMI_STATUS), ...Object.keys(RSI_STATUS), ...Object.keys(PSCI_STATUS)].map(bareStatus),
);

export const EXIT_REASONS = Object.keys(RMI_REC_EXIT_REASON);

const byBareName = (family: Family, commands: readonly Command[]): ReadonlyMap<string, Command> =>
  new Map(commands.map((command) => [command.name.slice(FAMILY_PREFIX[family].length), command]));

export const vocabularyOf = (set: CommandSet): Vocabulary => ({
  commands: {
    rmi: byBareName('rmi', set.rmi),
    rsi: byBareName('rsi', set.rsi),
    psci: byBareName('psci', set.psci),
  },
  structures: new Map(LAYOUTS.map((layout) => [layout.name, layout])),
  constants: CONSTANTS,
  statuses: STATUSES,
});

/** The words of RMM 1.0-rel0. */
export const VOCABULARY_1_0: Vocabulary = vocabularyOf(RMM_1_0);

import type { Platform } from '../../src/platform/index.ts';
import type { Command } from '../../src/spec/index.ts';

/** What was done to a monitor. */
export type MutantKind = 'condition' | 'boundary' | 'effect' | 'answer' | 'order' | 'entry and exit';

/** A monitor that is wrong in one place. At least one test has to notice. */
export interface Mutant {
  /** A sentence that names it: unique, and the same in every run. */
  readonly id: string;
  readonly kind: MutantKind;
  /** The command that is wrong, or undefined where it is what surrounds all of them. */
  readonly command: string | undefined;
  /** The failure condition that it is about, if it is about one. */
  readonly condition?: string;
  /** Makes the wrong command. */
  readonly change?: (command: Command) => Command;
  /** Makes a machine wrong that was just started. */
  readonly alter?: (platform: Platform) => void;
  /** An edge of the partial order that the wrong command lacks: judged by whether its answers are still permitted. */
  readonly edge?: readonly [left: string, right: string];
}

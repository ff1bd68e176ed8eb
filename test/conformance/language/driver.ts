import type { MachineProfile } from '../../../src/machine/index.ts';
import type { HostReply, Platform, RealmReply } from '../../../src/platform/index.ts';
import type {
  CommandSet,
  DeviceValues,
  ImpDef,
  Interrupt,
  RealmAccess,
  RealmContext,
  RealmEvent,
} from '../../../src/rmm/index.ts';
import type { Command } from '../../../src/spec/index.ts';
import type { Registers } from '../../../src/trace/index.ts';

/** What a row asks of the machine that it runs on. A driver that cannot provide it refuses to start. */
export interface Setup {
  readonly machine?: Partial<MachineProfile>;
  readonly rmm?: Partial<ImpDef>;
  readonly commands?: CommandSet;
}

/**
 * An RMM under test, seen from outside: what a Host and the software in its Realms can do, and what they get back.
 * Registers and memory are enough for every row. A driver may be a machine in this process or anything that answers
 * such calls; it is synchronous, so one that sits behind a socket blocks on the answer.
 */
export interface Driver {
  readonly machine: MachineProfile;

  /** The Host executes an SMC on a PE: X0 on. */
  smc(x: Registers, pe?: number): HostReply;
  /** @returns false when the granule protection check fails. */
  write(pa: bigint, bytes: Uint8Array): boolean;
  /** @returns undefined when the granule protection check fails. */
  read(pa: bigint, length: number): Uint8Array | undefined;
  /** Another world takes a granule, or gives it back, which the RMM does not learn. */
  changePas(pa: bigint, to: 'GPT_NS' | 'GPT_SECURE'): void;

  /** What the software in the Realm that runs on a PE does. */
  realmSmc(x: Registers, pe?: number): RealmReply;
  realmAccess(access: RealmAccess, pe?: number): RealmReply;
  realmEvent(event: RealmEvent, pe?: number): RealmReply;
  /** Its registers, and an exception that it takes first; undefined while the Host has the PE. */
  realm(pe?: number): RealmContext | undefined;

  interrupt(
    kind: Interrupt,
    options?: { readonly pe?: number; readonly polls?: number; readonly esr?: bigint },
  ): Registers | undefined;
  devices(rec: bigint, values: DeviceValues): void;

  /** Only a driver that can look inside has this: with it rows check more, and only very few need it. */
  readonly inside?: Inside;
}

/** What can be seen of an RMM that runs in this process. */
export interface Inside {
  readonly platform: Platform;
  /** The failure condition by which the last command failed; undefined when it did not. */
  failedBy(): string | undefined;
  /** The failure conditions of a command that hold now, whatever their order. */
  holding(command: Command, x: Registers, pe: number): ReadonlySet<string>;
  /** Names every piece of state that differs from the one at the last call. */
  changes(): readonly string[];
  /** Takes away what the RMM got from HES: from now on no token can be made. */
  loseAttestationKeys(): void;
}

/** Starts a machine that nothing has happened to yet. */
export type StartDriver = (setup: Setup) => Driver;

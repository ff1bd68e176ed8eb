import {
  createGranules,
  type Granules,
  type HostPolicy,
  type HostRealm,
  launchRealm,
  type RealmPlan,
  type VcpuHost,
} from '../host/index.ts';
import type { Platform } from '../platform/index.ts';
import type { SharedMemory } from './shared-memory.ts';

/** A machine whose Realms are launched, and have not run yet. */
export interface Launched {
  readonly platform: Platform;
  readonly realms: readonly HostRealm[];
  readonly granules: Granules;
}

/** Launches Realms on one machine, in order. @throws {HostError} when one of them cannot be. */
export const launchAll = (platform: Platform, plans: readonly RealmPlan[]): Launched => {
  const granules = createGranules(platform);
  return { platform, granules, realms: plans.map((plan) => launchRealm(platform, plan, { granules })) };
};

export interface MachineOptions {
  /** What the Host of a machine does about exits. */
  readonly policy: (platform: Platform) => HostPolicy;
  /** Whether guests that come after the last one has left find the machine as it was when its Realms were launched. */
  readonly fresh: boolean;
  /** Whether others start from what was launched, too. */
  readonly shared: boolean;
  /** Told of each machine that no guest will run on any more. */
  readonly onOver: (platform: Platform) => void;
}

/** A machine that guests come to and leave. */
export interface BridgeMachine {
  /** Its Realms as they are now, in order; undefined before the first guest. */
  readonly realms: readonly VcpuHost[];
  /** A guest comes. @returns the Realms as it finds them. */
  enter(): readonly VcpuHost[];
  leave(): void;
  close(): void;
}

/** @param memories of the Realms, in order. */
export const createMachine = (
  launched: Launched,
  memories: readonly SharedMemory[],
  { policy, fresh, shared, onOver }: MachineOptions,
): BridgeMachine => {
  const start = (): readonly VcpuHost[] => {
    // A machine that lives on and is the only one is the one that was launched, so that one trace holds all of it.
    const platform = fresh || shared ? launched.platform.fork() : launched.platform;
    const granules = launched.granules.fork(platform);
    const acts = policy(platform);
    return launched.realms.map((realm, index) => {
      const pages = memories[index]?.serve(platform);
      return { platform, realm: realm.fork(platform, granules, pages), policy: acts };
    });
  };
  let realms = start();
  let guests = 0;
  let used = false;
  const over = (): void => {
    const [first] = realms;
    if (first !== undefined) onOver(first.platform);
  };

  return {
    get realms() {
      return realms;
    },
    enter() {
      if (fresh && used && guests === 0) {
        over();
        realms = start();
      }
      guests += 1;
      used = true;
      return realms;
    },
    leave() {
      guests -= 1;
    },
    close: over,
  };
};

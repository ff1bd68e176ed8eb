import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { faultyPolicy, type HostPolicy, type IpaRange, type RealmPlan, type VcpuHost } from '../host/index.ts';
import type { Platform } from '../platform/index.ts';
import { type ConnectionReport, type Door, openDoor } from './door.ts';
import { type BridgeLimits, DEFAULT_LIMITS } from './limits.ts';
import { type BridgeMachine, createMachine, launchAll } from './machine.ts';
import { makeOwnFolder } from './own-folder.ts';
import type { CallWatcher } from './session.ts';
import { createSharedMemory, type SharedMemory } from './shared-memory.ts';

export interface BridgeOptions {
  readonly platform: Platform;
  /** The Realms of the machine, whose RECs the guests are. */
  readonly plans: readonly RealmPlan[];
  /** What the Host of a machine does about exits; asked once for each machine that starts. Default: as its faults say. */
  readonly policy?: (platform: Platform) => HostPolicy;
  /** Machines like this one, side by side. Default: 1. */
  readonly instances?: number;
  /** A machine starts anew when its last guest has left and another comes. Default: it lives on. */
  readonly fresh?: boolean;
  /** An empty folder that nobody else may enter; by default a new one. It is removed at the end. */
  readonly folder?: string;
  readonly limits?: Partial<BridgeLimits>;
  /** Told of each connection that is over. */
  readonly onEnd?: (report: ConnectionReport) => void;
  /** Told of each SMC that has been answered, before its guest is. */
  readonly onCall?: CallWatcher;
  /** Told of each machine that no guest will run on any more. */
  readonly onOver?: (platform: Platform) => void;
}

/** Where the guests of one Realm come in: each connection is a REC. */
export interface Place {
  readonly machine: number;
  /** Index of the Realm in the plans. */
  readonly realm: number;
  readonly socketPath: string;
  readonly memoryPath: string;
  /** The IPAs that the memory file holds: byte 0 is the first. */
  readonly memory: IpaRange;
  readonly recs: number;
}

/** Realms whose software connects from outside. */
export interface Bridge {
  readonly folder: string;
  readonly places: readonly Place[];
  /** The Realms of each machine as they are now. */
  readonly machines: readonly { readonly realms: readonly VcpuHost[] }[];
  /** Ends every connection and removes sockets, files and the folder. The Realms stay as they are. */
  close(): Promise<void>;
}

/** The Host acts on PE 0 alone: the guests have the PEs after it, one for each REC. */
const FIRST_GUEST_PE = 1;

/** Where the socket of a place stands in the folder of its bridge. */
export const socketPathOf = (folder: string, place: number): string => join(folder, String(place), 'rsi.sock');

/**
 * Launches Realms and lets guests connect to them. Each Realm of each machine is a place: a folder with a socket and the
 * memory, for this user alone.
 *
 * @throws {HostError} when a Realm cannot be launched; nothing is left behind then.
 */
export const openBridge = async (options: BridgeOptions): Promise<Bridge> => {
  const { platform, plans, instances = 1, fresh = false } = options;
  const {
    policy = (machine) => faultyPolicy(machine),
    onEnd = () => undefined,
    onOver = () => undefined,
    onCall,
  } = options;
  const limits: BridgeLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const launched = launchAll(platform, plans);
  const folder = options.folder ?? makeOwnFolder();
  const memories: SharedMemory[] = [];
  const doors: Door[] = [];
  const machines: BridgeMachine[] = [];
  const places: Place[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(doors.map((door) => door.close()));
    for (const machine of machines) machine.close();
    for (const memory of memories) memory.close();
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    for (let instance = 0; instance < instances; instance += 1) {
      const first = places.length;
      const own = plans.map(({ memory }, realm) => {
        const place = join(folder, String(first + realm));
        mkdirSync(place, { mode: 0o700 });
        const made = createSharedMemory(join(place, 'memory'), memory);
        memories.push(made);
        return made;
      });
      const machine = createMachine(launched, own, { policy, fresh, shared: instances > 1, onOver });
      machines.push(machine);
      let firstPe = FIRST_GUEST_PE;
      for (const [realm, memory] of own.entries()) {
        const place = first + realm;
        const path = socketPathOf(folder, place);
        const recs = plans[realm]?.recs.length ?? 0;
        doors.push(await openDoor({ path, place, machine, realm, memory, firstPe, limits, onEnd, onCall }));
        places.push({
          machine: instance,
          realm,
          socketPath: path,
          memoryPath: memory.path,
          memory: memory.range,
          recs,
        });
        firstPe += recs;
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { folder, places, machines, close };
};

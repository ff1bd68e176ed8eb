import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type HostPolicy,
  type HostRealm,
  type IpaRange,
  launchRealm,
  type RealmPlan,
  type VcpuHost,
} from '../host/index.ts';
import type { Platform } from '../platform/index.ts';
import { serveConnection } from './connection.ts';
import { type BridgeLimits, DEFAULT_LIMITS } from './limits.ts';
import type { SessionEnd } from './session.ts';
import { createSession } from './session.ts';
import { createSharedMemory, type SharedMemory } from './shared-memory.ts';

/** What became of a connection. */
export interface ConnectionReport extends SessionEnd {
  /** Index of its REC in the plan, or undefined when it got none. */
  readonly rec: number | undefined;
  /** Frames that were answered. */
  readonly frames: number;
}

export interface BridgeOptions {
  readonly platform: Platform;
  /** The Realm whose RECs the guests are. */
  readonly plan: RealmPlan;
  /** What the Host does about exits. */
  readonly policy?: HostPolicy;
  readonly limits?: Partial<BridgeLimits>;
  /** Told of each connection that is over. */
  readonly onEnd?: (report: ConnectionReport) => void;
}

/** A Realm whose software connects from outside. */
export interface Bridge {
  readonly realm: HostRealm;
  readonly socketPath: string;
  readonly memoryPath: string;
  /** The IPAs that the memory file holds: byte 0 is the first. */
  readonly memory: IpaRange;
  /** Ends every connection and removes socket, file and folder. The Realm stays as it is. */
  close(): Promise<void>;
}

/** The Host acts on PE 0 alone: the guests have the PEs after it, one for each REC. */
const FIRST_GUEST_PE = 1;

/**
 * Launches a Realm and lets guests connect to it: each connection is the next REC that can run and has none.
 *
 * Socket and file are for this user alone, in a folder of their own.
 *
 * @throws {HostError} when the Realm cannot be launched; nothing is left behind then.
 */
export const openBridge = async (options: BridgeOptions): Promise<Bridge> => {
  const { platform, plan, policy = {} } = options;
  const limits: BridgeLimits = { ...DEFAULT_LIMITS, ...options.limits };
  // mkdtemp makes a folder that only this user may enter.
  const folder = mkdtempSync(join(tmpdir(), 'swcca-bridge-'));
  let memory: SharedMemory | undefined;
  const cleanUp = (): void => {
    memory?.close();
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    memory = createSharedMemory(join(folder, 'memory'), plan.memory, platform);
    const realm = launchRealm(platform, plan, { pages: memory });
    const connections = acceptGuests({ platform, realm, policy }, memory, limits, options.onEnd ?? (() => {}));
    const socketPath = join(folder, 'rsi.sock');
    await listen(connections.server, socketPath);
    return {
      realm,
      socketPath,
      memoryPath: memory.path,
      memory: plan.memory,
      async close() {
        await connections.close();
        cleanUp();
      },
    };
  } catch (error) {
    cleanUp();
    throw error;
  }
};

const listen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      chmodSync(path, 0o600);
      resolve();
    });
  });

interface Connections {
  readonly server: Server;
  close(): Promise<void>;
}

const acceptGuests = (
  host: VcpuHost,
  memory: SharedMemory,
  limits: BridgeLimits,
  onEnd: (report: ConnectionReport) => void,
): Connections => {
  const { recs } = host.realm;
  /** From the index of a REC to its connection. */
  const taken = new Map<number, Socket>();
  const ends = new Map<Socket, (end: SessionEnd) => void>();

  const freeRec = (): number | undefined => {
    const free = recs.findIndex(({ rec }, index) => !taken.has(index) && host.platform.rmm.state.rec(rec).runnable);
    return free === -1 ? undefined : free;
  };

  const server = createServer((socket) => {
    const index = freeRec();
    const rec = index === undefined ? undefined : recs[index];
    if (index === undefined || rec === undefined) {
      socket.destroy();
      onEnd({ code: 'REFUSED', says: 'no REC is free that can run', rec: undefined, frames: 0 });
      return;
    }
    taken.set(index, socket);
    const session = createSession(host, { rec, pe: FIRST_GUEST_PE + index, pending: undefined }, memory);
    const end = serveConnection(socket, session, limits, ({ frames, ...why }) => {
      session.leave();
      taken.delete(index);
      ends.delete(socket);
      onEnd({ ...why, rec: index, frames });
    });
    ends.set(socket, end);
  });
  server.maxConnections = limits.connections;
  server.on('drop', () =>
    onEnd({ code: 'REFUSED', says: `more than ${limits.connections} connections`, rec: undefined, frames: 0 }),
  );

  return {
    server,
    close: () =>
      new Promise((resolve) => {
        for (const end of [...ends.values()]) end({ code: 'SHUTDOWN', says: 'the bridge closes' });
        server.close(() => resolve());
      }),
  };
};

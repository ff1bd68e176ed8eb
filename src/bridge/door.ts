import { createServer, type Socket } from 'node:net';
import { serveConnection } from './connection.ts';
import type { BridgeLimits } from './limits.ts';
import { listenAt } from './listen.ts';
import type { BridgeMachine } from './machine.ts';
import { type CallWatcher, createSession, type SessionEnd } from './session.ts';
import type { SharedMemory } from './shared-memory.ts';

/** What became of a connection. */
export interface ConnectionReport extends SessionEnd {
  /** Index of its Realm among the places of the bridge. */
  readonly place: number;
  /** Index of its REC in the plan, or undefined when it got none. */
  readonly rec: number | undefined;
  /** Frames that were answered. */
  readonly frames: number;
}

/** Where the guests of one Realm come in. */
export interface Door {
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly path: string;
  readonly place: number;
  readonly machine: BridgeMachine;
  /** Index of the Realm in its machine. */
  readonly realm: number;
  readonly memory: SharedMemory;
  /** The PE of the first REC; each other one has the next. */
  readonly firstPe: number;
  readonly limits: BridgeLimits;
  readonly onEnd: (report: ConnectionReport) => void;
  readonly onCall: CallWatcher | undefined;
}

/** A connection that has no REC yet. */
interface Waiting {
  readonly socket: Socket;
  readonly timer: NodeJS.Timeout;
}

/**
 * Listens on a socket for this user alone. Each connection is the next REC that can run and has none; one that finds no
 * REC waits a while, since whoever had it may be about to go.
 */
export const openDoor = async (options: DoorOptions): Promise<Door> => {
  const { path, place, machine, realm, memory, firstPe, limits, onEnd, onCall } = options;
  /** From the index of a REC to its connection. */
  const taken = new Map<number, Socket>();
  const ends = new Map<Socket, (end: SessionEnd) => void>();
  const waiting: Waiting[] = [];
  let open = true;

  const refuse = (says: string): void => onEnd({ code: 'REFUSED', says, place, rec: undefined, frames: 0 });

  /** @returns whether there was a REC for it. */
  const admit = (socket: Socket): boolean => {
    const host = machine.enter()[realm];
    const index =
      host?.realm.recs.findIndex(({ rec }, i) => !taken.has(i) && host.platform.rmm.state.rec(rec).runnable) ?? -1;
    const rec = host?.realm.recs[index];
    if (host === undefined || rec === undefined) {
      machine.leave();
      return false;
    }
    taken.set(index, socket);
    const session = createSession(host, { rec, pe: firstPe + index, pending: undefined }, memory, onCall);
    const end = serveConnection(socket, session, limits, ({ frames, ...why }) => {
      const left = session.leave();
      taken.delete(index);
      ends.delete(socket);
      machine.leave();
      onEnd({ ...(left ?? why), place, rec: index, frames });
      admitNext();
    });
    ends.set(socket, end);
    socket.resume();
    return true;
  };

  const admitNext = (): void => {
    for (let first = waiting[0]; open && first !== undefined; first = waiting[0]) {
      const gone = first.socket.destroyed;
      if (!gone && !admit(first.socket)) return;
      clearTimeout(first.timer);
      waiting.shift();
      if (gone) onEnd({ code: 'CLOSED', says: 'the guest did not wait for a REC', place, rec: undefined, frames: 0 });
    }
  };

  const giveUp = (socket: Socket): void => {
    waiting.splice(
      waiting.findIndex((each) => each.socket === socket),
      1,
    );
    socket.destroy();
    refuse('no REC is free that can run');
  };

  const server = createServer({ pauseOnConnect: true }, (socket) => {
    if (waiting.length === 0 && admit(socket)) return;
    waiting.push({ socket, timer: setTimeout(() => giveUp(socket), limits.patienceMs) });
    // A guest that does not wait is told of when its turn comes.
    socket.on('error', () => undefined);
  });
  server.maxConnections = limits.connections;
  server.on('drop', () => refuse(`more than ${limits.connections} connections`));

  await listenAt(server, path);
  // Without descriptors a connection cannot be taken; the next one may be.
  server.on('error', (error: NodeJS.ErrnoException) => refuse(`the system has no room: ${error.code}`));

  return {
    close: () =>
      new Promise((resolve) => {
        open = false;
        for (const { socket, timer } of waiting.splice(0)) {
          clearTimeout(timer);
          socket.destroy();
        }
        for (const end of [...ends.values()]) end({ code: 'SHUTDOWN', says: 'the bridge closes' });
        server.close(() => resolve());
      }),
  };
};

import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { IpaRange } from '../host/index.ts';
import type { Registers } from '../trace/index.ts';
import { serveConnection } from './connection.ts';
import { decodeFrame, encodeFrame } from './frame.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { listenAt } from './listen.ts';
import { makeOwnFolder } from './own-folder.ts';
import { socketPathOf } from './server.ts';
import type { Session } from './session.ts';

/** What answers an SMC in place of a machine; without an answer the connection ends. */
export type Answering = (x: Registers) => Registers | undefined;

/** A socket and a memory file, as a bridge has them, behind which there is no machine. */
export interface AnsweredPlace {
  readonly socketPath: string;
  readonly memoryPath: string;
  /** What the next connections are answered with. Memory is zeros again, and connections of before are over. */
  begin(answer: Answering): void;
  /** Writes memory at an IPA inside it. */
  write(ipa: bigint, bytes: Uint8Array): void;
  close(): Promise<void>;
}

/** Opens a place in a new folder for this user alone. */
export const openAnsweredPlace = async (memory: IpaRange): Promise<AnsweredPlace> => {
  const folder = makeOwnFolder();
  const socketPath = socketPathOf(folder, 0);
  const memoryPath = join(folder, '0', 'memory');
  mkdirSync(join(folder, '0'), { mode: 0o700 });
  const file = openSync(memoryPath, 'wx+', 0o600);
  const sockets = new Set<Socket>();
  let answer: Answering = () => undefined;

  const session: Session = {
    answer(frame) {
      const x = answer(decodeFrame(frame));
      return x === undefined
        ? { end: { code: 'LIMIT', says: 'no more calls are answered' } }
        : { frame: encodeFrame(x) };
    },
    leave: () => undefined,
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveConnection(socket, session, DEFAULT_LIMITS, () => undefined);
  });
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const wipe = (): void => {
    ftruncateSync(file, 0);
    ftruncateSync(file, Number(memory.size));
  };
  const remove = (): void => {
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  };
  wipe();
  await listenAt(server, socketPath).catch((error: unknown) => {
    remove();
    throw error;
  });

  return {
    socketPath,
    memoryPath,
    begin(next) {
      hangUp();
      wipe();
      answer = next;
    },
    write: (ipa, bytes) => void writeSync(file, bytes, 0, bytes.length, Number(ipa - memory.base)),
    close: () =>
      new Promise((resolve) => {
        hangUp();
        server.close(() => {
          remove();
          resolve();
        });
      }),
  };
};

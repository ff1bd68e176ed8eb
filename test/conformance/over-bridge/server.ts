import { chmodSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { serveConnection } from '../../../src/bridge/connection.ts';
import { decodeFrame, encodeFrame } from '../../../src/bridge/frame.ts';
import { DEFAULT_LIMITS } from '../../../src/bridge/limits.ts';
import type { FrameReply, Session } from '../../../src/bridge/session.ts';
import type { Driver } from '../language/driver.ts';
import { inProcess } from '../language/in-process.ts';
import { type Asked, fromLine, guestSocket, hostSocket, lineReader, PES, type PlainSetup, toLine } from './wire.ts';

/**
 * A process of its own with a machine in it, behind sockets in a folder: one for whatever plays the Host, and one for
 * the guest on each PE, which speaks the frames of the bridge. It ends with its standard input.
 */
const folder = process.argv[2] ?? '.';
let driver: Driver = inProcess({});
let host: Socket | undefined;

const saysOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const perform = ({ act, args }: Asked): unknown => {
  if (act === 'start') {
    driver = inProcess(args[0] as PlainSetup);
    return driver.machine;
  }
  return (driver[act] as (...args: readonly unknown[]) => unknown)(...args);
};

const answer = (line: string): string => {
  try {
    return toLine({ kind: 'answer', value: perform(fromLine(line)) });
  } catch (error) {
    return toLine({ kind: 'error', says: saysOf(error) });
  }
};

/** The guest on a PE. Its connection is over when the Host has the PE again, as no frame can say that. */
const guest = (pe: number): Session => ({
  answer(frame): FrameReply {
    try {
      const reply = driver.realmSmc(decodeFrame(frame), pe);
      if (reply.kind === 'return') return { frame: encodeFrame(reply.x) };
      host?.write(toLine({ kind: 'left', pe, reply }));
      return { end: { code: 'REC_STOPPED', says: `the Realm left PE ${pe}` } };
    } catch (error) {
      host?.write(toLine({ kind: 'error', says: saysOf(error) }));
      return { end: { code: 'BUG', says: saysOf(error) } };
    }
  },
  leave: () => undefined,
});

const listen = (path: string, onConnection: (socket: Socket) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer(onConnection);
    server.once('error', reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve();
    });
  });

process.stdin.on('end', () => process.exit(0)).resume();
await listen(hostSocket(folder), (socket) => {
  host = socket;
  const cut = lineReader();
  socket.on('data', (piece) => {
    for (const line of cut(piece)) socket.write(answer(line));
  });
  socket.on('error', () => process.exit(1));
});
for (let pe = 0; pe < PES; pe += 1) {
  await listen(guestSocket(folder, pe), (socket) => {
    serveConnection(socket, guest(pe), DEFAULT_LIMITS, () => undefined);
  });
}
process.stdout.write('ready\n');

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

/** One place, as the server's first line tells it. */
export interface ServedPlace {
  readonly machine: number;
  readonly realm: number;
  readonly socket: string;
  readonly memory: string;
  readonly ipaBase: string;
  readonly ipaSize: string;
  readonly recs: number;
}

export interface Served {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly ready: { readonly pid: number; readonly folder: string; readonly places: readonly ServedPlace[] };
  readonly place: ServedPlace;
  /** Resolves when the process is gone. */
  readonly gone: Promise<{
    readonly code: number | null;
    readonly out: readonly Record<string, unknown>[];
    readonly err: string;
  }>;
}

/** The built `swcca serve --json` beside this process, once it is ready. It ends with the test. */
export const served = async (...args: readonly string[]): Promise<Served> => {
  const child = spawn(process.execPath, [MAIN, 'serve', '--json', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const lines = (): Record<string, unknown>[] =>
    out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  const gone = new Promise<Awaited<Served['gone']>>((resolve) =>
    child.on('close', (code) => resolve({ code, out: lines(), err })),
  );
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.includes('\n')) resolve();
    });
    void gone.then(({ code, err: says }) => reject(new Error(`serve ended with ${code}: ${says}`)));
  });
  const ready = lines()[0] as unknown as Served['ready'];
  const [place] = ready.places;
  if (place === undefined) throw new Error('a server without places');
  if (!existsSync(ready.folder)) throw new Error(`a server without its folder: ${ready.folder}`);
  return { process: child, ready, place, gone };
};

const FRAME = 144;

/**
 * Writes frames without end, for as long as the other side takes them: the bytes that it took when it had taken none for a
 * second, or when they were `most`. What `write` returns says nothing, since a piece this large is always too much for it.
 */
export const flood = async (socket: Socket, frame: Uint8Array, most: number): Promise<number> => {
  const burst = Buffer.alloc(1000 * frame.length);
  for (let n = 0; n < 1000; n += 1) burst.set(frame, n * frame.length);
  const taken = (): number => socket.bytesWritten - socket.writableLength;
  for (let before = -1; taken() > before && taken() < most; ) {
    before = taken();
    if (socket.write(burst)) continue;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 1000);
      socket.once('drain', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
  return taken();
};

/** A guest of a few lines: SMCs in order, one at a time. */
export const guest = async (path: string) => {
  const socket: Socket = await new Promise((resolve, reject) => {
    const made: Socket = connect(path, () => resolve(made));
    made.once('error', reject);
  });
  let received = Buffer.alloc(0);
  const waiters: ((x: bigint[] | undefined) => void)[] = [];
  socket.on('data', (piece) => {
    received = Buffer.concat([received, piece]);
    while (received.length >= FRAME) {
      const frame = received.subarray(0, FRAME);
      received = received.subarray(FRAME);
      waiters.shift()?.(Array.from({ length: 18 }, (_, n) => frame.readBigUInt64LE(8 * n)));
    }
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) =>
    socket.on('close', () => {
      for (const wake of waiters.splice(0)) wake(undefined);
      resolve();
    }),
  );
  return {
    socket,
    closed,
    /** Result registers, or undefined when the server closed the connection instead. */
    smc: (...x: readonly bigint[]): Promise<bigint[] | undefined> => {
      const frame = Buffer.alloc(FRAME);
      for (const [n, value] of x.entries()) frame.writeBigUInt64LE(value, 8 * n);
      return new Promise((resolve) => {
        waiters.push(resolve);
        socket.write(frame);
      });
    },
  };
};

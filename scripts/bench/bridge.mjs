import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FID } from './fids.mjs';
import { medianOf } from './interleave.mjs';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const ECHO = fileURLToPath(new URL('./echo-server.mjs', import.meta.url));

const FRAME = 144;
const CALLS = 2000;
const REPETITIONS = 15;
const WARM_UP = 3;

/** A server in a process of its own, once it has said where it is. */
const start = (args, socketOf) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`bench: a server ended with ${code}`)));
    let text = '';
    child.stdout.on('data', (piece) => {
      text += piece;
      if (text.includes('\n')) resolve({ socket: socketOf(text.split('\n')[0]), stop: () => child.stdin.end() });
    });
  });

const dial = (path) =>
  new Promise((resolve, reject) => {
    const socket = connect(path, () => resolve(socket));
    socket.once('error', reject);
  });

/** Sends a frame, waits for what comes back, sends the next. @returns milliseconds for all of them. */
const pingPong = (socket, frame) =>
  new Promise((resolve) => {
    let left = CALLS;
    let got = 0;
    const started = performance.now();
    const take = (piece) => {
      got += piece.length;
      if (got < FRAME) return;
      got = 0;
      left -= 1;
      if (left > 0) {
        socket.write(frame);
        return;
      }
      socket.off('data', take);
      resolve(performance.now() - started);
    };
    socket.on('data', take);
    socket.write(frame);
  });

/** SMCs over the bridge by the same frames over a bare Unix socket that sends them back, one at a time. */
export const bridge = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'swcca-bench-'));
  const echo = await start([ECHO, join(folder, 'echo')], (line) => line);
  const served = await start([MAIN, 'serve', '--json'], (line) => JSON.parse(line).places[0].socket);
  try {
    const frame = Buffer.alloc(FRAME);
    frame.writeBigUInt64LE(FID.RSI_VERSION, 0);
    frame.writeBigUInt64LE(0x1_0000n, 8);
    const [subject, yardstick] = [await dial(served.socket), await dial(echo.socket)];
    const times = { subject: [], yardstick: [] };
    for (let i = -WARM_UP; i < REPETITIONS; i += 1) {
      const pair = [await pingPong(subject, frame), await pingPong(yardstick, frame)];
      if (i < 0) continue;
      times.subject.push(pair[0]);
      times.yardstick.push(pair[1]);
    }
    for (const socket of [subject, yardstick]) socket.destroy();
    const [subjectMs, yardstickMs] = [medianOf(times.subject), medianOf(times.yardstick)];
    return [
      {
        id: 'bridge',
        what: `${CALLS} × RSI_VERSION over the bridge, by the same frames over a bare Unix socket that echoes`,
        // 0.7 of the calls a second of the echo.
        limit: 1.43,
        subjectMs,
        yardstickMs,
        ratio: subjectMs / yardstickMs,
        repetitions: REPETITIONS,
      },
    ];
  } finally {
    for (const server of [echo, served]) server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

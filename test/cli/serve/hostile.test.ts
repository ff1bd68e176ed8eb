import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../../src/cli/index.ts';
import { flood, guest, type Served, served } from '../support/served.ts';

const VERSION = [0xc400_0190n, 0x1_0000n];

/** Resident memory of another process, in MiB. */
const residentMiB = (pid: number): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(status) ?? [];
  if (kib === undefined) throw new Error(`process ${pid} does not say how much memory it has`);
  return Number(kib) / 1024;
};

/** A connection that sends these bytes and lets go at once, read or not. */
const hit = async (path: string, bytes: Uint8Array): Promise<void> => {
  const connected = await new Promise<boolean>((resolve) => {
    let there = false;
    const socket: Socket = connect(path);
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(there));
    socket.on('connect', () => {
      there = true;
      if (bytes.length === 0) socket.destroy();
      else socket.write(bytes, () => socket.destroy());
    });
  });
  // More of them at a time than the system queues: this one was not there yet.
  if (!connected) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await hit(path, bytes);
  }
};

/** Nothing, half a frame, text; now and then a frame whose answer nobody reads, and a call of nothing. */
const spoilt = (n: number): Uint8Array => {
  if (n % 50 === 0) return new Uint8Array(144);
  if (n % 50 === 1) return new Uint8Array(500).fill(0xff);
  return n % 2 === 0 ? new Uint8Array() : new Uint8Array(71);
};

const stop = async (server: Served) => {
  server.process.stdin.end();
  const { code, out, err } = await server.gone;
  return { code, err, done: out[1] as { connections: number; ends: Record<string, number> } };
};

/** Still there, and as quick to answer as anybody needs. */
const stillServes = async (path: string): Promise<void> => {
  const { smc, socket } = await guest(path);
  expect((await smc(...VERSION))?.[0]).toBe(0n);
  socket.destroy();
};

describe('a server', () => {
  test.runIf(process.platform === 'linux')(
    'takes 10,000 connections that want nothing good, with bounded memory, and serves the next one',
    { timeout: 180_000 },
    async () => {
      const server = await served();
      const { socket } = server.place;
      const visits = async (from: number, to: number): Promise<void> => {
        for (let n = from; n < to; n += 50) {
          await Promise.all(Array.from({ length: 50 }, (_, i) => hit(socket, spoilt(n + i))));
        }
      };
      await visits(0, 1000);
      const before = residentMiB(server.ready.pid);
      await visits(1000, 10_000);
      expect(residentMiB(server.ready.pid) - before).toBeLessThan(60);
      await stillServes(socket);
      const { code, done, err } = await stop(server);
      expect(code).toBe(EXIT.ok);
      expect(done.connections).toBe(10_001);
      expect(done.ends['HALF_FRAME']).toBeGreaterThan(0);
      expect(done.ends['BUG']).toBe(undefined);
      // Whoever floods fills no log.
      expect(err.split('\n').length).toBeLessThan(50);
    },
  );

  test('goes on while a guest floods it and reads nothing', async () => {
    const server = await served('--instances', '2');
    const [first, second] = server.ready.places;
    if (first === undefined || second === undefined) throw new Error('not two places');
    const flooding = await guest(first.socket);
    flooding.socket.pause();
    const frame = Buffer.alloc(144);
    frame.writeBigUInt64LE(0xc400_0190n);
    const most = 8 << 20;
    expect(await flood(flooding.socket, frame, most)).toBeLessThan(most);
    for (let n = 0; n < 5; n += 1) await stillServes(second.socket);
    flooding.socket.destroy();
    expect((await stop(server)).code).toBe(EXIT.ok);
  });

  test('ends connections beyond its limits, each with its reason', async () => {
    const server = await served('--max-frames', '2', '--idle-ms', '300', '--connections', '2');
    const { socket } = server.place;
    const greedy = await guest(socket);
    await greedy.smc(...VERSION);
    await greedy.smc(...VERSION);
    expect(await greedy.smc(...VERSION)).toBe(undefined);
    const silent = await guest(socket);
    await silent.closed;
    const many = await Promise.all(Array.from({ length: 5 }, () => guest(socket)));
    await Promise.all(many.slice(2).map(({ closed }) => closed));
    const { done, err } = await stop(server);
    expect(done.ends).toMatchObject({ REFUSED: 3 });
    expect(done.ends['LIMIT']).toBeGreaterThanOrEqual(2);
    for (const says of ['more than 2 frames', 'nothing came for 300 ms', 'more than 2 connections']) {
      expect(err).toContain(says);
    }
  });

  test('ends by itself when whoever started it is killed', async () => {
    const parent = spawn(
      process.execPath,
      [
        '-e',
        `const { spawn } = require('node:child_process');
         const server = spawn(process.execPath, ['dist/cli/main.js', 'serve', '--json'], { stdio: ['pipe', 'pipe', 'ignore'] });
         server.stdout.pipe(process.stdout);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const line = await new Promise<string>((resolve) => parent.stdout.once('data', (text) => resolve(String(text))));
    const { pid, folder } = JSON.parse(line) as { pid: number; folder: string };
    const runs = (): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    expect([runs(), existsSync(folder)]).toEqual([true, true]);
    parent.kill('SIGKILL');
    await expect.poll(runs, { timeout: 10_000 }).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });
});

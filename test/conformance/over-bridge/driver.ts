import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { SMC_REGISTERS } from '../../../src/abi/index.ts';
import { createFrameReader, decodeFrame, encodeFrame } from '../../../src/bridge/frame.ts';
import type { MachineProfile } from '../../../src/machine/index.ts';
import type { RealmReply } from '../../../src/platform/index.ts';
import type { Registers } from '../../../src/trace/index.ts';
import type { Driver, StartDriver } from '../language/driver.ts';
import {
  type Act,
  fromLine,
  guestSocket,
  hostSocket,
  lineReader,
  PES,
  type PlainSetup,
  type Told,
  toLine,
} from './wire.ts';

/** A setup that cannot be told to a machine in another process. */
export class CannotProvide extends Error {}

/** A machine in a process of its own, reached through sockets alone. */
export interface BridgedMachine {
  readonly start: StartDriver;
  /** SMCs of Realms that went as frames, and those of them that a frame answered. */
  readonly frames: { sent: number; answered: number };
  close(): Promise<void>;
}

/** Bytes that came in a line are a part of it until they are copied. */
const owning = (reply: RealmReply): RealmReply =>
  reply.kind === 'done' && reply.bytes !== undefined ? { ...reply, bytes: reply.bytes.slice() } : reply;

/** No act takes this long; a machine that says nothing for so long will not. */
const PATIENCE_MS = 15_000;

type Heard =
  | { readonly path: string; readonly piece: Uint8Array }
  | { readonly path: string; readonly broken: string }
  | { readonly path: string; readonly closed: true };

const SERVER = fileURLToPath(new URL('./server.ts', import.meta.url));
const SOCKETS = new URL('./sockets.mjs', import.meta.url);

/** Starts the process, and resolves when all its sockets can be connected to. */
const spawnServer = async (folder: string): Promise<ChildProcess> => {
  const outfile = join(folder, 'server.mjs');
  await build({
    entryPoints: [SERVER],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  });
  const child = spawn(process.execPath, [outfile, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`the machine ended with ${code} before it was ready`)));
  });
  return child;
};

export const openBridgedMachine = async (): Promise<BridgedMachine> => {
  const folder = mkdtempSync(join(tmpdir(), 'swcca-rows-'));
  const child = await spawnServer(folder);
  const { port1: port, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(SOCKETS, { workerData: { port: port2, signal }, transferList: [port2] });

  const hostPath = hostSocket(folder);
  const cut = lineReader();
  const readers = Array.from({ length: PES }, createFrameReader);
  const frames = { sent: 0, answered: 0 };

  const hear = (): Heard => {
    for (;;) {
      const seen = Atomics.load(signal, 0);
      const received = receiveMessageOnPort(port) as { message: Heard } | undefined;
      if (received !== undefined) return received.message;
      if (Atomics.wait(signal, 0, seen, PATIENCE_MS) === 'timed-out') throw new Error('the machine does not answer');
    }
  };

  /** Waits for the next line, or for a frame for the guest on this PE. */
  const listen = (pe?: number): Told | Uint8Array => {
    for (;;) {
      const heard = hear();
      if ('broken' in heard) throw new Error(`${heard.path}: ${heard.broken}`);
      if ('closed' in heard) {
        // Why a guest was hung up on is said on the other socket.
        if (heard.path === hostPath) throw new Error('the machine is gone');
        continue;
      }
      if (heard.path === hostPath) {
        const [line] = cut(heard.piece);
        if (line !== undefined) return fromLine<Told>(line);
      } else if (pe !== undefined && heard.path === guestSocket(folder, pe)) {
        const reader = readers[pe];
        reader?.push(heard.piece);
        const frame = reader?.next();
        if (frame !== undefined) return frame;
      } else throw new Error(`${heard.path} spoke without being asked`);
    }
  };

  const ask = (act: Act, ...args: readonly unknown[]): unknown => {
    port.postMessage({ path: hostPath, bytes: Buffer.from(toLine({ act, args })) });
    const told = listen();
    if (told instanceof Uint8Array || told.kind === 'left') throw new Error('a guest was answered that did not ask');
    if (told.kind === 'error') throw new Error(told.says);
    return told.value;
  };

  const registers = (pe: number): Registers => (ask('realm', pe) as ReturnType<Driver['realm']>)?.gprs ?? [];

  const realmSmc: Driver['realmSmc'] = (x, pe = 0) => {
    const path = guestSocket(folder, pe);
    // A frame has all of X0 to X17: what the caller does not say is as it is.
    const rest = x.length < SMC_REGISTERS ? registers(pe).slice(x.length) : [];
    port.postMessage({ path, bytes: encodeFrame([...x, ...rest]) });
    frames.sent += 1;
    const told = listen(pe);
    if (told instanceof Uint8Array) {
      frames.answered += 1;
      return { kind: 'return', x: decodeFrame(told) } satisfies RealmReply;
    }
    port.postMessage({ path });
    if (told.kind === 'error') throw new Error(told.says);
    if (told.kind === 'answer') throw new Error('the Host was answered and did not ask');
    return told.reply;
  };

  return {
    frames,
    start({ commands, ...setup }) {
      if (commands !== undefined) throw new CannotProvide('commands are functions, which cannot cross a socket');
      const forward = <A extends Exclude<Act, 'start'>>(act: A): Driver[A] =>
        ((...args: readonly unknown[]) => ask(act, ...args)) as Driver[A];
      return {
        machine: ask('start', setup satisfies PlainSetup) as MachineProfile,
        smc: forward('smc'),
        write: forward('write'),
        read: (...args) => (ask('read', ...args) as Uint8Array | undefined)?.slice(),
        changePas: forward('changePas'),
        realmSmc,
        realmAccess: (...args) => owning(ask('realmAccess', ...args) as RealmReply),
        realmEvent: forward('realmEvent'),
        realm: forward('realm'),
        interrupt: forward('interrupt'),
        devices: forward('devices'),
      };
    },
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.stdin?.end();
        await gone;
      }
      await worker.terminate();
      port.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

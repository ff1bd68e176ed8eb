import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { decodeFrame, encodeFrame, FRAME_SIZE } from '../../src/bridge/frame.ts';
import {
  type Bridge,
  type BridgeOptions,
  type ConnectionReport,
  MAX_SOCKET_PATH,
  openBridge,
  type Place,
} from '../../src/bridge/index.ts';
import { hex } from '../../src/bytes/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { HostError, type RealmPlan } from '../../src/host/index.ts';
import type { PlatformOptions } from '../../src/platform/index.ts';
import { verifyToken } from '../../src/verify/index.ts';
import { flood } from '../cli/support/served.ts';
import { smallPlan } from '../support/attest-session.ts';
import { testMachine } from '../support/machine.ts';

const CLIENT = fileURLToPath(new URL('./client.mjs', import.meta.url));
const PAYLOAD = new Uint8Array(5000).fill(7);

interface Opened extends Bridge, Place {
  readonly platform: BridgeOptions['platform'];
  readonly reports: readonly ConnectionReport[];
  /** Resolves when that many connections are over. */
  ended(count: number): Promise<readonly ConnectionReport[]>;
}

const bridges: Bridge[] = [];
afterEach(async () => {
  for (const bridge of bridges.splice(0)) await bridge.close();
});

const open = async (
  {
    plan = smallPlan(PAYLOAD),
    ...change
  }: Partial<Omit<BridgeOptions, 'platform' | 'onEnd'>> & {
    readonly plan?: RealmPlan;
  } = {},
  machine: Partial<PlatformOptions> = {},
): Promise<Opened> => {
  const platform = testMachine(machine);
  const reports: ConnectionReport[] = [];
  const waiters: (() => void)[] = [];
  const bridge = await openBridge({
    platform,
    plans: [plan],
    ...change,
    onEnd: (report) => {
      reports.push(report);
      for (const wake of waiters.splice(0)) wake();
    },
  });
  bridges.push(bridge);
  const ended = async (count: number): Promise<readonly ConnectionReport[]> => {
    while (reports.length < count) await new Promise<void>((resolve) => waiters.push(resolve));
    return reports;
  };
  const [place] = bridge.places;
  if (place === undefined) throw new Error('a bridge without places');
  return { ...bridge, ...place, platform, reports, ended };
};

/** Runs the client in a process of its own, which the bridge in this one serves meanwhile. */
const client = (
  bridge: Place,
  action: string,
  argument: string,
): Promise<{ code: number | null; out: string; err: string }> =>
  new Promise((resolve) => {
    const { socketPath, memoryPath, memory } = bridge;
    const child = spawn(process.execPath, [CLIENT, socketPath, memoryPath, String(memory.base), action, argument]);
    let out = '';
    let err = '';
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      err += text;
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });

const dial = (bridge: Place): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(bridge.socketPath, () => resolve(socket));
    socket.once('error', reject);
  });

const answersOf = (socket: Socket): Promise<Buffer> =>
  new Promise((resolve) => {
    const pieces: Buffer[] = [];
    socket.on('data', (piece) => pieces.push(piece));
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(pieces)));
  });

const ask = async (socket: Socket, x: readonly bigint[]): Promise<bigint[]> => {
  const answer = new Promise<Buffer>((resolve) => socket.once('data', resolve));
  socket.write(encodeFrame(x));
  return decodeFrame(await answer);
};

/** More than sockets and server keep of what a guest sends that reads nothing: some hundred KiB. */
const MOST_TAKEN = 8 << 20;

/** A byte times this is eight of it. */
const REPEATED = 0x0101_0101_0101_0101n;

const RSI_VERSION = encodeFrame([0xc400_0190n, 0x1_0000n]);
const SYSTEM_OFF = encodeFrame([0x8400_0008n]);

describe('a guest in another process', () => {
  const challenge = 'c5'.repeat(64);

  test.each([
    ['in one piece', [4096], () => 1],
    ['byte by byte at first, then in chunks', [1, 1, 7, 500], (size: number) => 3 + Math.ceil((size - 9) / 500)],
  ])('fetches a token over the socket, %s, and the verifier accepts it', async (_, chunk, pieces) => {
    const bridge = await open({}, { rmm: { chunk } });
    const { code, out, err } = await client(bridge, 'token', challenge);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const fetched = JSON.parse(out);
    expect(fetched.pieces).toBe(pieces(hex(fetched.token).length));

    const report = verifyToken(hex(fetched.token), {
      crypto: nodeCrypto,
      key: bridge.platform.hes.status().cpak,
      challenge: hex(challenge),
    });
    expect(report.findings).toEqual([]);
    expect(report.accepted).toBe(true);
    expect(await bridge.ended(1)).toEqual([
      { code: 'CLOSED', says: 'the guest closed the connection', place: 0, rec: 0, frames: 2 + fetched.pieces },
    ]);
  });

  test('writes to memory before the Host has mapped it, and the Host reads it', async () => {
    const seen: [number, bigint | undefined][] = [];
    const bridge = await open({
      policy: () => ({
        hostCall: (imm, gprs) => {
          seen.push([imm, gprs[0]]);
          return gprs.with(0, 4242n);
        },
      }),
    });
    const { out } = await client(bridge, 'host-call', '17');
    expect(JSON.parse(out)).toEqual({ status: 0, answer: '4242' });
    expect(seen).toEqual([[7, 17n]]);
  });

  test('finds its payload in the file, and zeros where nothing was loaded', async () => {
    const bridge = await open();
    const file = readFileSync(bridge.memoryPath);
    expect(file).toHaveLength(Number(bridge.memory.size));
    expect(file.subarray(0, PAYLOAD.length).equals(PAYLOAD)).toBe(true);
    expect(file.subarray(PAYLOAD.length).every((byte) => byte === 0)).toBe(true);
  });
});

describe('socket and file', () => {
  test('are for this user alone, and gone afterwards', async () => {
    const bridge = await open();
    const folder = dirname(bridge.socketPath);
    for (const path of [folder, bridge.folder]) expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(bridge.socketPath).mode & 0o777).toBe(0o600);
    expect(statSync(bridge.memoryPath).mode & 0o777).toBe(0o600);
    await bridge.close();
    bridges.length = 0;
    expect(existsSync(bridge.folder)).toBe(false);
  });

  test('leave a Realm that can be destroyed, with every granule back', async () => {
    const bridge = await open();
    await client(bridge, 'token', '00'.repeat(64));
    await bridge.close();
    bridges.length = 0;
    const realm = bridge.machines[0]?.realms[0]?.realm;
    realm?.destroy();
    expect([...bridge.platform.rmm.state.granules()]).toEqual([]);
    expect(realm?.granules.inUse).toBe(0);
  });

  test('are not made for a Realm that cannot be launched', async () => {
    const plan: RealmPlan = { ...smallPlan(PAYLOAD), ipaWidth: 60 };
    await expect(open({ plan })).rejects.toThrow(HostError);
  });

  test('are not left behind where the system does not take a socket', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'swcca-bridge-test-')), 'x'.repeat(MAX_SOCKET_PATH));
    onTestFinished(() => rmSync(dirname(folder), { recursive: true }));
    mkdirSync(folder, { mode: 0o700 });
    await expect(open({ folder })).rejects.toThrow(/at most 107 bytes/);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('a connection', () => {
  test('that asks for an unknown function is told NOT_SUPPORTED, and goes on', async () => {
    const bridge = await open();
    const socket = await dial(bridge);
    const answers = answersOf(socket);
    socket.write(encodeFrame([0xdead_beefn]));
    socket.end(RSI_VERSION);
    const bytes = await answers;
    expect(bytes).toHaveLength(2 * FRAME_SIZE);
    expect(bytes.readBigUInt64LE(0)).toBe(0xffff_ffff_ffff_ffffn);
    expect(bytes.readBigUInt64LE(FRAME_SIZE)).toBe(0n);
  });

  test.each([
    ['nothing', new Uint8Array(), { code: 'CLOSED', frames: 0 }],
    [
      'half a frame',
      RSI_VERSION.subarray(0, 72),
      { code: 'HALF_FRAME', says: 'the guest sent 72 of the 144 bytes of a frame' },
    ],
    ['a frame and a byte', new Uint8Array([...RSI_VERSION, 0xff]), { code: 'HALF_FRAME', frames: 1 }],
    ['text', new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n'), { code: 'HALF_FRAME', frames: 0 }],
    ['PSCI_SYSTEM_OFF', SYSTEM_OFF, { code: 'REALM_OFF', frames: 0 }],
    [
      'PSCI_CPU_OFF',
      encodeFrame([0x8400_0002n]),
      { code: 'REC_STOPPED', says: 'RMI_REC_ENTER answered RMI_ERROR_REC' },
    ],
  ])('that sends %s ends with a reason', async (_, bytes, report) => {
    const bridge = await open();
    const socket = await dial(bridge);
    answersOf(socket);
    socket.end(bytes);
    expect(await bridge.ended(1)).toMatchObject([report]);
  });

  test('that breaks off leaves its REC to the next one', async () => {
    const bridge = await open();
    const first = await dial(bridge);
    const answer = new Promise((resolve) => first.once('data', resolve));
    first.write(RSI_VERSION);
    await answer;
    first.destroy();
    await bridge.ended(1);
    const { code } = await client(bridge, 'token', '01'.repeat(64));
    expect(code).toBe(0);
  });

  test('beyond the RECs is refused after a while, and the others go on', async () => {
    const bridge = await open({ limits: { patienceMs: 20 } });
    const holder = await dial(bridge);
    const refused = await dial(bridge);
    await answersOf(refused);
    expect(bridge.reports).toMatchObject([{ code: 'REFUSED', rec: undefined }]);
    const answer = new Promise((resolve) => holder.once('data', resolve));
    holder.write(RSI_VERSION);
    await answer;
    holder.destroy();
  });

  test('beyond the RECs waits for one, and gets it', async () => {
    const bridge = await open();
    const first = await dial(bridge);
    expect((await ask(first, [0xc400_0190n, 0x1_0000n]))[0]).toBe(0n);
    const second = await dial(bridge);
    const answer = ask(second, [0xc400_0190n, 0x1_0000n]);
    first.destroy();
    expect((await answer)[0]).toBe(0n);
    second.destroy();
    expect((await bridge.ended(2)).map(({ code, rec }) => [code, rec])).toEqual([
      ['CLOSED', 0],
      ['CLOSED', 0],
    ]);
  });

  test('that does not wait for a REC is reported, and the next one gets it', async () => {
    const bridge = await open({ limits: { patienceMs: 10_000 } });
    const holder = await dial(bridge);
    await ask(holder, [0xc400_0190n]);
    const impatient = await dial(bridge);
    const patient = await dial(bridge);
    const answer = ask(patient, [0xc400_0190n]);
    impatient.destroy();
    holder.destroy();
    await answer;
    expect((await bridge.ended(2)).map(({ code, rec, frames }) => [code, rec, frames])).toEqual([
      ['CLOSED', 0, 1],
      ['CLOSED', 0, 0],
    ]);
    patient.destroy();
  });

  test('that floods without reading is stopped, and others are served meanwhile', async () => {
    const plan = smallPlan(PAYLOAD);
    const recs = [plan.recs[0], plan.recs[0]].flatMap((rec) => (rec === undefined ? [] : [rec]));
    const bridge = await open({ plan: smallPlan(PAYLOAD, { recs }) });
    const flooding = await dial(bridge);
    flooding.pause();
    expect(await flood(flooding, RSI_VERSION, MOST_TAKEN)).toBeLessThan(MOST_TAKEN);
    const { code } = await client(bridge, 'token', '02'.repeat(64));
    expect(code).toBe(0);
    flooding.destroy();
  });

  test('that says nothing ends after a while, where there is such a limit', async () => {
    const bridge = await open({ limits: { idleMs: 30 } });
    const socket = await dial(bridge);
    await answersOf(socket);
    expect(bridge.reports).toMatchObject([{ code: 'LIMIT', says: 'nothing came for 30 ms' }]);
  });

  test('has as many frames as it may have', async () => {
    const bridge = await open({ limits: { frames: 2 } });
    const socket = await dial(bridge);
    const answers = answersOf(socket);
    socket.write(Buffer.concat([RSI_VERSION, RSI_VERSION, RSI_VERSION]));
    expect(await answers).toHaveLength(2 * FRAME_SIZE);
    expect(bridge.reports).toMatchObject([{ code: 'LIMIT', frames: 2 }]);
  });

  test('that names memory outside the file ends there', async () => {
    const plan = smallPlan(PAYLOAD);
    const outside = 0xc000_0000n;
    const ripas = [...plan.ripas, { base: outside, size: 0x20_0000n, block: 'auto' as const }];
    const bridge = await open({ plan: smallPlan(PAYLOAD, { ripas }) });
    const socket = await dial(bridge);
    const answers = answersOf(socket);
    socket.write(encodeFrame([0xc400_0196n, outside]));
    expect(await answers).toHaveLength(0);
    expect(bridge.reports).toMatchObject([
      { code: 'OUTSIDE_MEMORY', says: 'IPA 0xc0000000 is outside the shared memory' },
    ]);
  });

  test('survives a guest that cuts its memory short', async () => {
    const bridge = await open();
    truncateSync(bridge.memoryPath, 0);
    const { code } = await client(bridge, 'token', '03'.repeat(64));
    expect(code).toBe(0);
  });

  test('ends when the bridge closes', async () => {
    const bridge = await open();
    const socket = await dial(bridge);
    const closed = answersOf(socket);
    // The connection is there once it is answered.
    socket.write(RSI_VERSION);
    await new Promise((resolve) => socket.once('data', resolve));
    await bridge.close();
    bridges.length = 0;
    await closed;
    expect(bridge.reports).toMatchObject([{ code: 'SHUTDOWN', frames: 1 }]);
  });
});

describe('several guests', () => {
  test('each have a REC of their own, and their tokens do not mix', async () => {
    const [rec] = smallPlan(PAYLOAD).recs;
    if (rec === undefined) throw new Error('no REC');
    const bridge = await open({ plan: smallPlan(PAYLOAD, { recs: [rec, rec, rec] }) }, { rmm: { chunk: [97] } });
    const guests = await Promise.all([0xa1n, 0xb2n, 0xc3n].map(async (byte) => ({ byte, socket: await dial(bridge) })));
    for (const { byte, socket } of guests) await ask(socket, [0xc400_0194n, ...Array(8).fill(byte * REPEATED)]);

    const page = (index: number): bigint => bridge.memory.base + BigInt(index + 16) * 0x1000n;
    const filled = [0, 0, 0];
    for (let going = true; going; ) {
      going = false;
      for (const [i, { socket }] of guests.entries()) {
        const offset = filled[i] ?? 0;
        const [status, length = 0n] = await ask(socket, [0xc400_0195n, page(i), BigInt(offset), BigInt(4096 - offset)]);
        filled[i] = offset + Number(length);
        going ||= status === 3n;
      }
    }
    const file = readFileSync(bridge.memoryPath);
    for (const [i, { byte, socket }] of guests.entries()) {
      const at = Number(page(i) - bridge.memory.base);
      const token = file.subarray(at, at + (filled[i] ?? 0));
      const challenge = new Uint8Array(64).fill(Number(byte));
      const key = bridge.platform.hes.status().cpak;
      expect(verifyToken(token, { crypto: nodeCrypto, key, challenge }).accepted).toBe(true);
      socket.destroy();
    }
    expect((await bridge.ended(3)).map((report) => report.rec).sort()).toEqual([0, 1, 2]);
  });
});

const VERSION_CALL = [0xc400_0190n, 0x1_0000n];
const EXTEND = [0xc400_0193n, 1n, 8n, 0x1234n];
const READ_REM = [0xc400_0192n, 1n];

describe('a machine that starts anew', () => {
  /** What one client does and sees: REM 1 before and after it extends it, and the first bytes of memory. */
  const visit = async (place: Place): Promise<readonly unknown[]> => {
    const socket = await dial(place);
    const version = await ask(socket, VERSION_CALL);
    const before = await ask(socket, READ_REM);
    await ask(socket, EXTEND);
    const after = await ask(socket, READ_REM);
    const memory = openSync(place.memoryPath, 'r+');
    const seen = Buffer.alloc(8);
    readSync(memory, seen, 0, 8, 0x20_0000);
    writeSync(memory, Uint8Array.of(1, 2, 3), 0, 3, 0x20_0000);
    writeSync(memory, Uint8Array.of(1, 2, 3), 0, 3, 0);
    closeSync(memory);
    socket.destroy();
    return [version, before, after, seen.toString('hex')];
  };

  test('is the same for every client, however often they come', async () => {
    const bridge = await open({ fresh: true });
    const first = await visit(bridge);
    for (let n = 0; n < 5; n += 1) expect(await visit(bridge)).toEqual(first);
    expect(first[1]).not.toEqual(first[2]);
    await dial(bridge).then((socket) => ask(socket, VERSION_CALL).then(() => socket.destroy()));
    expect(readFileSync(bridge.memoryPath).subarray(0, PAYLOAD.length).equals(PAYLOAD)).toBe(true);
  });

  test('comes back from a Realm that turned itself off', async () => {
    const bridge = await open({ fresh: true });
    for (let n = 0; n < 3; n += 1) {
      const socket = await dial(bridge);
      const answers = answersOf(socket);
      socket.write(SYSTEM_OFF);
      expect(await answers).toHaveLength(0);
    }
    expect((await bridge.ended(3)).map(({ code }) => code)).toEqual(['REALM_OFF', 'REALM_OFF', 'REALM_OFF']);
  });

  test('is not the default: measurements stay', async () => {
    const bridge = await open();
    const [, , after] = await visit(bridge);
    expect((await visit(bridge))[1]).toEqual(after);
  });

  test('tells of each machine that is over', async () => {
    const over: unknown[] = [];
    const bridge = await open({ fresh: true, onOver: (platform) => over.push(platform) });
    for (let n = 0; n < 3; n += 1) await visit(bridge);
    await bridge.close();
    bridges.length = 0;
    expect(new Set(over).size).toBe(3);
  });
});

describe('places', () => {
  test('of several machines do not know of each other', async () => {
    const bridge = await open({ instances: 2 });
    const [a, b] = bridge.places;
    if (a === undefined || b === undefined) throw new Error('not two places');
    expect([a.machine, b.machine]).toEqual([0, 1]);
    const [one, other] = [await dial(a), await dial(b)];
    await ask(one, EXTEND);
    expect(await ask(one, READ_REM)).not.toEqual(await ask(other, READ_REM));
    one.destroy();
    other.destroy();
  });

  test('of several Realms share a machine', async () => {
    const platform = testMachine();
    const second = smallPlan(PAYLOAD, { tables: { startLevel: 'auto', vmid: 2 } });
    const bridge = await openBridge({ platform, plans: [smallPlan(PAYLOAD), second] });
    bridges.push(bridge);
    const [a, b] = bridge.places;
    if (a === undefined || b === undefined) throw new Error('not two places');
    expect([a.machine, b.machine, a.realm, b.realm]).toEqual([0, 0, 0, 1]);
    const [one, other] = [await dial(a), await dial(b)];
    await ask(one, EXTEND);
    expect(await ask(one, READ_REM)).not.toEqual(await ask(other, READ_REM));
    expect(platform.rmm.state.running(1)).not.toBe(undefined);
    expect(platform.rmm.state.running(2)).not.toBe(undefined);
    one.destroy();
    other.destroy();
  });
});

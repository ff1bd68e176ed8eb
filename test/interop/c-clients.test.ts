import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toDoublewords } from '../../src/bytes/index.ts';
import { createPlayer, decodeRecording, decodeScript, encodeScript, seeds } from '../../src/response/index.ts';
import { MISTAKES, seedFiles, verdictOf } from './support/c-clients.ts';
import { interop, needs } from './support/context.ts';
import { attest, scratch, swcca } from './support/swcca.ts';

const { cClients } = interop;
const BASE = 0x8000_0000n;
const MODELS = ['sound', 'host', 'rmm'];

/** A generator of its own, so that the same scripts and calls come up in every run. */
const drawsFrom = (seed: number) => {
  let state = seed;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return {
    below: (n: number): number => next() % n,
    bytes: (n: number) => Uint8Array.from({ length: n }, () => next() >>> 11),
  };
};
type Draws = ReturnType<typeof drawsFrom>;

/** A call that a client might make: most of them make sense. */
const anyCall = (draws: Draws): bigint[] => {
  const x = [...toDoublewords(draws.bytes(8 * 18))];
  const kind = draws.below(16);
  if (kind === 0) return x;
  if (kind === 1) return [0xc400_0190n + BigInt(draws.below(12)), ...x.slice(1)];
  if (kind < 4) return [0xc400_0194n | (kind === 2 ? 0x1_0000n : 0n), ...x.slice(1)];
  const offset = BigInt(draws.below(8) === 0 ? draws.below(0x1_0000) : draws.below(4) * draws.below(1024));
  const size = draws.below(3) === 0 ? BigInt(draws.below(5000)) : 4096n - offset;
  const page = BASE + BigInt(draws.below(16) === 0 ? draws.below(0x4000) : 4096 * draws.below(2));
  return [0xc400_0195n, page, offset, BigInt.asUintN(64, size), ...x.slice(4)];
};

const anyScript = (draws: Draws): Uint8Array => {
  const all = [...seeds().values()];
  const kind = draws.below(4);
  const bytes = Uint8Array.from(draws.bytes(draws.below(64)));
  if (kind === 0) return bytes;
  if (kind === 1) return Uint8Array.of(0x52, 0x53, 0x49, draws.below(4) === 0 ? 2 : 1, ...bytes);
  const seed = encodeScript(all[draws.below(all.length)] ?? decodeScript(bytes));
  if (kind === 2) seed[draws.below(seed.length)] = draws.below(256);
  return Uint8Array.of(...seed, ...bytes);
};

const CASES = 3000;
const CALLS = 24;

describe('the client in C', () => {
  test('plays scripts as the player in TypeScript does, call by call', (context) => {
    const { programs } = needs(context, cClients);
    const draws = drawsFrom(0x5ca1ab1e);
    const cases = Array.from({ length: CASES }, () => ({
      script: anyScript(draws),
      calls: [
        [0xc400_0194n, ...toDoublewords(draws.bytes(64))],
        ...Array.from({ length: CALLS }, () => anyCall(draws)),
      ],
    }));
    const number32 = (value: number): Buffer => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(value);
      return bytes;
    };
    const frame = (x: readonly bigint[]): Buffer => {
      const bytes = Buffer.alloc(144);
      for (let n = 0; n < 18; n += 1) bytes.writeBigUInt64LE(x[n] ?? 0n, 8 * n);
      return bytes;
    };
    const input = Buffer.concat(
      cases.flatMap(({ script, calls }) => [
        number32(script.length),
        script,
        number32(calls.length),
        ...calls.map(frame),
      ]),
    );
    const { status, stdout, stderr } = spawnSync(programs['play'] ?? '', { input, maxBuffer: 1 << 28 });
    expect(status, stderr.toString()).toBe(0);

    let at = 0;
    const take = (): bigint => {
      at += 8;
      return stdout.readBigUInt64LE(at - 8);
    };
    const models = new Map<string, number>();
    for (const [i, { script, calls }] of cases.entries()) {
      const player = createPlayer(decodeScript(script));
      for (const [nth, call] of calls.entries()) {
        const answer = player.call(call);
        const x = Array.from({ length: 18 }, take);
        const model = MODELS[Number(take())];
        expect({ i, nth, x, model }).toEqual({ i, nth, x: answer.x, model: answer.model });
        models.set(answer.model, (models.get(answer.model) ?? 0) + 1);
      }
      const { calls: count, departures, waits, bound, lastStatus, total, overlong, complete } = player.status;
      const counts = [count, departures, waits, bound, lastStatus, total, overlong ? 1 : 0, complete ? 1 : 0].map(
        BigInt,
      );
      expect({ i, counts: Array.from({ length: 8 }, take) }).toEqual({ i, counts });
      expect(stdout.subarray(at, at + 8192).equals(player.read(BASE, 8192) ?? new Uint8Array())).toBe(true);
      at += 8192;
    }
    expect(at).toBe(stdout.length);
    for (const model of MODELS) expect(models.get(model)).toBeGreaterThan(100);
    context.task.meta.counted = `${CASES} scripts, ${CASES * (CALLS + 1)} calls`;
  });

  test('fetches a token from a bridge, and records its calls', (context) => {
    const { programs } = needs(context, cClients);
    const { directory } = attest();
    const challenge = Buffer.from('c0ffee00'.repeat(16), 'hex');
    const recording = join(scratch(), 'live.rec');
    const run = spawnSync(
      process.execPath,
      ['dist/cli/main.js', 'serve', '--chunk', '1000', '--', programs['live'] ?? '', '--record', recording],
      { input: challenge, timeout: 60_000 },
    );
    expect(run.status, run.stderr.toString()).toBe(0);
    const token = join(scratch(), 'live.cbor');
    writeFileSync(token, run.stdout);
    const verdict = swcca(
      'verify',
      token,
      '--key',
      join(directory, 'cpak.pem'),
      '--challenge',
      challenge.toString('hex'),
    );
    expect(verdict.status, verdict.stdout).toBe(0);
    const calls = decodeRecording(readFileSync(recording));
    expect(calls.map(({ x }) => x[0])).toEqual([0n, ...calls.slice(2).map(() => 3n), 0n]);
    expect(calls.slice(1).reduce((sum, { x }) => sum + Number(x[1]), 0)).toBe(run.stdout.length);
  });

  test('says at once when nobody answers', (context) => {
    const { programs } = needs(context, cClients);
    const env = { ...process.env, SWCCA_SOCKET: join(scratch(), 'none'), SWCCA_MEMORY: join(scratch(), 'none') };
    const { status, stderr } = spawnSync(programs['live'] ?? '', { input: Buffer.alloc(64), env, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'live: No such file or directory\n' });
  });
});

describe('a worked client under every seed', () => {
  test('is never caught', (context) => {
    const { programs } = needs(context, cClients);
    const { files } = seedFiles();
    const caught = files.flatMap(({ name, path }) => {
      const verdict = verdictOf(programs['client'] ?? '', path);
      return verdict === undefined ? [] : [`${name}: ${verdict}`];
    });
    expect(caught).toEqual([]);
    context.task.meta.counted = `${files.length} scripts`;
  });

  /** What seeds bring out in each copy, with sanitizers. */
  const CAUGHT: Readonly<Record<keyof typeof MISTAKES, Readonly<Record<string, string>>>> = {
    edge: { 'total-8192': 'gave-up host', 'total-4097': 'gave-up host', 'wait-at-the-edge': 'gave-up host' },
    length: { 'length-one-more-with-room': 'heap-buffer-overflow', 'length-wraps': 'trusted-length rmm' },
    spin: { 'wait-for-ever': 'endless host' },
    bound: { 'bound-one-less': 'heap-buffer-overflow', 'begun-anew-in-between': 'heap-buffer-overflow' },
  };

  test.for(Object.keys(MISTAKES) as (keyof typeof MISTAKES)[])('is caught with one mistake: %s', (mistake, context) => {
    const { programs, sanitizes } = needs(context, cClients);
    if (!sanitizes) context.skip('the sanitizers of the C compiler do not work here');
    const { files } = seedFiles();
    const program = programs[mistake] ?? '';
    const caught = new Map(
      files.flatMap(({ name, path }) => {
        const verdict = verdictOf(program, path);
        return verdict === undefined ? [] : [[name, verdict] as const];
      }),
    );
    expect(Object.fromEntries(caught)).toMatchObject(CAUGHT[mistake]);
    // It has this one mistake: whatever else catches it catches it in the same way.
    const ways = new Set(Object.values(CAUGHT[mistake]));
    expect([...caught].filter(([, verdict]) => !ways.has(verdict))).toEqual([]);
    context.task.meta.counted = `${MISTAKES[mistake]}; ${caught.size} of ${files.length} scripts`;
  });

  test('leaves a recording behind when it dies, which explains it', (context) => {
    const { programs, sanitizes } = needs(context, cClients);
    if (!sanitizes) context.skip('the sanitizers of the C compiler do not work here');
    const crash = join(seedFiles().folder, 'bound-one-less');
    const recording = join(scratch(), 'crash.rec');
    expect(verdictOf(programs['bound'] ?? '', crash, '--record', recording)).toBe('heap-buffer-overflow');
    const calls = join(scratch(), 'crash.swcca');
    const run = swcca('fuzz', 'import', crash, '--calls', recording, '--script', calls, '--json');
    expect(run.status, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      model: 'rmm',
      calls: [{ rule: 'init short 1', model: 'rmm' }, { model: 'sound' }, { model: 'sound', x1: '1' }],
    });
    expect(swcca('script', calls).status).toBe(0);
  });
});

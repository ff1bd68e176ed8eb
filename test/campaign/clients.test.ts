import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClientKind } from '../../src/cli/campaign/kinds.ts';
import { type CampaignRequest, runFuzzCampaign } from '../../src/cli/campaign/run.ts';
import { paint, type Terminal } from '../../src/cli/io/terminal.ts';
import { whyNoMount } from '../support/mount.ts';

const support = (name: string): string => fileURLToPath(new URL(`support/${name}`, import.meta.url));
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'swcca-clients-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = async (request: Partial<CampaignRequest>): Promise<{ readonly code: number; readonly out: string }> => {
  let out = '';
  const ignore = (): undefined => undefined;
  const print = (text: string): void => {
    out += `${text}\n`;
  };
  const terminal: Terminal = { paint: paint(false), print, write: print, json: ignore, binary: ignore, note: ignore };
  const code = await runFuzzCampaign(
    {
      client: 'bridge',
      command: [],
      seed: 'test',
      runs: 1,
      shard: { index: 1, of: 1 },
      folder: join(folder, 'out'),
      limits: { timeoutMs: 30_000, memoryMiB: 1024 },
      replay: undefined,
      json: false,
      ...request,
    },
    terminal,
  );
  return { code, out };
};

const client = (kind: 'bridge' | 'tsm', bug: string): readonly string[] => [
  process.execPath,
  support(`${kind}-client.mjs`),
  bug,
  '{token}',
];

let inputs = 0;
/** What one input shows about a client: a response script, or a fault plan. */
const shows = async (kind: ClientKind, command: readonly string[], input: string): Promise<string> => {
  const replay = join(folder, `input-${inputs++}.${input.startsWith('version: ') ? 'yaml' : 'txt'}`);
  writeFileSync(replay, input);
  const { code, out } = await run({ client: kind, command, replay });
  expect(code).toBe(out.includes('nothing is wrong') ? 0 : 1);
  return out;
};

const plan = (model: string, fault: string): string => `version: 1\nmodel: ${model}\nfaults: [${fault}]\n`;
const unavailable = await whyNoMount();

describe('a client of the bridge', { timeout: 120_000 }, () => {
  test.for([
    ['fails-at-the-edge', 'total 8192', /gives up though every answer .* \(model host\)/],
    ['waits-for-ever', 'continue wait for ever', /never stops asking \(model host\)/],
    ['trusts-length', 'continue length 4097', /crashed \(model rmm\)/],
    ['ignores-bound', 'total 8192\ninit short 4096', /more bytes than the upper bound allows \(model rmm\)/],
  ] as const)('that %s is found out, and a sound one is not', async ([bug, script, says]) => {
    expect(await shows('bridge', client('bridge', bug), script)).toMatch(says);
    expect(await shows('bridge', client('bridge', 'none'), script)).toContain('nothing is wrong');
  });

  test('is put to a campaign, whose reproducer shows the bug again', async () => {
    const command = client('bridge', 'fails-at-the-edge');
    const { code, out } = await run({ command, vary: 'responses', runs: 6 });
    expect(code).toBe(1);
    expect(out).toContain('6 of 6 runs of a client of the kind bridge, seed "test"');
    expect(out).toContain('security bugs of the client (a hostile Host is enough): 1\n  host-gave-up-1: ');
    expect(out).toContain('robustness bugs of the client (it takes a broken or hostile RMM): 0');
    expect(out).toMatch(/ {2}pieces +.*a whole granule \d+/);
    const place = join(folder, 'out/findings/host-gave-up-1');
    expect(readdirSync(place).sort()).toEqual(['finding.json', 'response.bin', 'response.txt']);
    expect(readFileSync(join(place, 'response.txt'), 'utf8')).toMatch(/^response script 1\ntotal \d+\n$/);
    expect((await run({ command, replay: join(place, 'response.bin') })).code).toBe(1);
  });

  const CONTINUE = 'RSI_ATTESTATION_TOKEN_CONTINUE';
  test.for([
    ['trusts-length', plan('rmm', `{ at: rmm.rsi.${CONTINUE}, act: { set: { x1: 4097 } } }`), /crashed \(model rmm\)/],
    [
      'ignores-bound',
      plan('rmm', '{ at: rmm.rsi.RSI_ATTESTATION_TOKEN_INIT, act: { set: { x1: 64 } } }'),
      /more bytes than the upper bound allows \(model rmm\)/,
    ],
    [
      'waits-for-ever',
      plan('rmm', `{ at: rmm.rsi.${CONTINUE}, act: { set: { x0: 3, x1: 0 } } }`),
      /never stops asking \(model rmm\)/,
    ],
    [
      'falls-over-waits',
      plan('host', `{ at: host.smc.${CONTINUE}, act: { interrupt: { polls: 1 } } }`),
      /crashed \(model host\)/,
    ],
    [
      'falls-over-waits',
      plan('rmm', `{ at: rmm.rsi.${CONTINUE}, act: { set: { x0: 3, x1: 0 } } }`),
      /crashed \(model rmm\)/,
    ],
  ] as const)('that %s on a live machine is found out, and a sound one is not', async ([bug, faults, says]) => {
    expect(await shows('bridge', client('bridge', bug), faults)).toMatch(says);
    expect(await shows('bridge', client('bridge', 'none'), faults)).toContain('nothing is wrong');
  });

  test('that fails where no fault acts fails under any Host', async () => {
    const late = plan('rmm', '{ at: rmm.crypto.sign, when: { nth: 99 }, act: { flip: 3 } }');
    expect(await shows('bridge', ['sh', '-c', 'kill -SEGV $$'], late)).toMatch(/crashed \(model host\)/);
  });

  test('may give up where the Host refuses, and has nothing to show where it denies service', async () => {
    const denied = plan('host', `{ at: host.smc.${CONTINUE}, act: { deny: true } }`);
    expect(await shows('bridge', client('bridge', 'none'), denied)).toContain('nothing is wrong');
    const unborn = plan('rmm', '{ at: rmm.crypto.digest, act: { truncate: 0 } }');
    expect(await shows('bridge', client('bridge', 'none'), unborn)).toContain('nothing is wrong');
  });

  test('is put to a campaign of plans, which goes on as such only, and writes a plan that serve takes', async () => {
    const command = client('bridge', 'falls-over-waits');
    const request = { command, vary: 'plans' as const, folder: join(folder, 'plans') };
    const { code, out } = await run({ ...request, runs: 5 });
    expect(code).toBe(1);
    expect(out).toContain('security bugs of the client (a hostile Host is enough): 1\n  host-crash-1: ');
    expect(out).toMatch(/ {2}faults fired +host\.smc interrupt \d+/);
    expect(readFileSync(join(folder, 'plans/findings/host-crash-1/plan.yaml'), 'utf8')).toMatch(
      /^version: 1\nmodel: host\nfaults:\n {2}- \{ at: host\.smc, when: .*, act: \{ interrupt: \{ kind: IRQ, polls: 1 \} \} \}\n$/,
    );
    await expect(run({ ...request, vary: undefined, runs: 5 })).rejects.toThrow(/another client, .* or --vary/);
  });

  test('that gets nowhere in front of one of the two is told before which', async () => {
    await expect(run({ command: ['false'], folder: join(folder, 'none') })).rejects.toThrow(
      /although nothing is wrong in a response script/,
    );
  });

  test('that hoards memory, or takes too long, is ended', async () => {
    const hoard = 'const all = []; setInterval(() => all.push(Buffer.alloc(1 << 26, 1)), 1)';
    const hoarding = await run({
      command: [process.execPath, '-e', hoard],
      replay: join(folder, 'input-0.txt'),
      limits: { timeoutMs: 60_000, memoryMiB: 256 },
    });
    expect(hoarding.out).toContain('takes more memory than it may');
    const sleeping = await run({
      command: ['sleep', '100'],
      replay: join(folder, 'input-0.txt'),
      limits: { timeoutMs: 200, memoryMiB: 256 },
    });
    expect(sleeping.out).toContain('never stops asking');
  });

  test('that cannot be run, or gets nowhere by itself, is no client', async () => {
    await expect(run({ command: ['/nowhere/client'], folder: join(folder, 'none') })).rejects.toThrow(
      /^\/nowhere\/client: cannot be run/,
    );
    await expect(run({ command: ['false'], folder: join(folder, 'none') })).rejects.toThrow(
      /although nothing is wrong/,
    );
    for (const request of [{ vary: 'responses' as const }, { client: 'script' as const }]) {
      const replay = { ...request, command: ['true', '{script}'], replay: 'plan.yaml' };
      await expect(run(replay)).rejects.toThrow('--replay plan.yaml: is a fault plan');
    }
    await expect(run({ client: 'script', command: ['true'] })).rejects.toThrow(/CMD has to name \{script\}/);
  });
});

describe('a client that plays scripts itself', { timeout: 60_000 }, () => {
  test('is found out when it crashes, with the model that it names itself', async () => {
    const script = 'continue length 4097';
    const crash = `test -s {script} && echo 'ran over (host)' >&2 && kill -SEGV $$`;
    expect(await shows('script', ['sh', '-c', crash], script)).toMatch(/crashed \(model host\)/);
    expect(await shows('script', ['sh', '-c', 'test -s {script} && kill -SEGV $$'], script)).toMatch(/\(model rmm\)/);
    expect(await shows('script', ['sh', '-c', 'test -s {script}'], script)).toContain('nothing is wrong');
  });
});

describe.skipIf(unavailable !== undefined)('a client of tsm/report', { timeout: 120_000 }, () => {
  test.for([
    ['reads-once', plan('host', '{ at: tsm.read.outblob, act: { short: 100 } }'), /is not a report \(model host\)/],
    [
      'ignores-generation',
      plan('host', `{ at: tsm.open.outblob, act: { race: "${'5a'.repeat(64)}" } }`),
      /for the challenge of another program \(model host\)/,
    ],
    ['falls-over-busy', plan('host', '{ at: tsm.mkdir, act: { errno: EBUSY } }'), /crashed \(model host\)/],
  ] as const)('that %s is found out, and a sound one is not', async ([bug, faults, says]) => {
    expect(await shows('tsm', client('tsm', bug), faults)).toMatch(says);
    expect(await shows('tsm', client('tsm', 'none'), faults)).toContain('nothing is wrong');
  });

  test('is put to a campaign, whose plan is one that swcca tsm takes', async () => {
    const command = client('tsm', 'falls-over-busy');
    const { code, out } = await run({ client: 'tsm', command, runs: 4, folder: join(folder, 'tsm') });
    expect(out).toMatch(/ {4}again {5}swcca fuzz run --client tsm --replay .*plan\.yaml -- /);
    expect(code).toBe(1);
    const text = readFileSync(join(folder, 'tsm/findings/host-crash-1/plan.yaml'), 'utf8');
    expect(text).toBe(
      'version: 1\nmodel: host\nfaults:\n  - { at: tsm.mkdir, when: { nth: [1] }, act: { errno: EBUSY } }\n',
    );
  });
});

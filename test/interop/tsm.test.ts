import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { interop, needs } from './support/context.ts';
import { attest, scratch, swcca } from './support/swcca.ts';

const { goConfigfsTsm, rustConfigfsTsm, titles } = interop;

interface Report {
  readonly provider: string;
  readonly outblob: string;
  readonly error: string;
}

/** Runs an unmodified client under `swcca tsm`: challenges in, what it made of them out. */
const reports = (
  command: readonly string[],
  challenges: readonly string[],
  ...options: readonly string[]
): Report[] => {
  const run = spawnSync(process.execPath, ['dist/cli/main.js', 'tsm', ...options, '--', ...command], {
    input: `${challenges.join('\n')}\n`,
    encoding: 'utf8',
    timeout: 120_000,
  });
  expect(run.status, run.stderr).toBe(0);
  return run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Report);
};

/** What a client makes of one challenge under a fault plan. */
const faulted = (command: readonly string[], model: 'host' | 'rmm', fault: string): Report | undefined => {
  const plan = join(scratch(), 'plan.yaml');
  writeFileSync(plan, `version: 1\nmodel: ${model}\nfaults: [${fault}]\n`);
  return reports(command, ['ab'.repeat(64)], '--faults', plan)[0];
};

const challenges = ['00'.repeat(64), 'c0ffee'.repeat(21).concat('00'), 'ab'.repeat(64)];

describe.each([
  { title: titles.goConfigfsTsm, participant: goConfigfsTsm },
  { title: titles.rustConfigfsTsm, participant: rustConfigfsTsm },
])('$title under swcca tsm', ({ participant }) => {
  test.for(['4096', '1', '7,4096,100'])('gets a token for its challenge, %s bytes at a time', (chunk, context) => {
    const { command } = needs(context, participant);
    if (!existsSync('/dev/fuse')) context.skip('there is no /dev/fuse');
    const { directory } = attest();
    const found = reports(command, challenges, '--chunk', chunk);
    expect(found).toHaveLength(challenges.length);
    for (const [i, report] of found.entries()) {
      expect(report).toMatchObject({ provider: 'arm_cca_guest\n', error: '' });
      const token = join(scratch(), 'report.cbor');
      writeFileSync(token, Buffer.from(report.outblob, 'hex'));
      const verdict = swcca('verify', token, '--key', join(directory, 'cpak.pem'), '--challenge', challenges[i] ?? '');
      expect(verdict.status, verdict.stdout).toBe(0);
    }
  });

  test('says what is wrong when a call fails, or when somebody else writes in between', (context) => {
    const { command } = needs(context, participant);
    if (!existsSync('/dev/fuse')) context.skip('there is no /dev/fuse');
    const io = faulted(command, 'host', '{ at: tsm.read.outblob, act: { errno: EIO } }');
    expect(io).toMatchObject({ outblob: '' });
    expect(io?.error.toLowerCase()).toMatch(/input\/output error/);
    const race = faulted(command, 'host', `{ at: tsm.open.outblob, act: { race: "${'cd'.repeat(64)}" } }`);
    expect(race).toMatchObject({ outblob: '' });
    expect(race?.error.toLowerCase()).toContain('generation');
  });

  test('puts a report together from short reads', (context) => {
    const { command } = needs(context, participant);
    if (!existsSync('/dev/fuse')) context.skip('there is no /dev/fuse');
    const [whole] = reports(command, ['ab'.repeat(64)]);
    const short = faulted(command, 'host', '{ at: tsm.read.outblob, act: { short: 7 } }');
    expect(short).toEqual(whole);
  });
});

test(`${titles.goConfigfsTsm} is told of a challenge that the driver does not take`, (context) => {
  const { command } = needs(context, goConfigfsTsm);
  if (!existsSync('/dev/fuse')) context.skip('there is no /dev/fuse');
  const [short] = reports(command, ['ab'.repeat(31)]);
  expect(short?.error).toContain('invalid argument');
});

test(`${titles.rustConfigfsTsm} refuses the report of another provider`, (context) => {
  const { command } = needs(context, rustConfigfsTsm);
  if (!existsSync('/dev/fuse')) context.skip('there is no /dev/fuse');
  const other = Buffer.from('tdx_guest\n').toString('hex');
  const report = faulted(command, 'rmm', `{ at: tsm.open.provider, act: { replace: "${other}" } }`);
  expect(report).toMatchObject({ outblob: '', error: expect.stringContaining('not allowed: tdx_guest') });
});

import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { interop, needs } from './support/context.ts';
import { attest, scratch, swcca } from './support/swcca.ts';

const { goConfigfsTsm, titles } = interop;

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

describe(`${titles.goConfigfsTsm} under swcca tsm`, () => {
  const challenges = ['00'.repeat(64), 'c0ffee'.repeat(21).concat('00'), 'ab'.repeat(32)];

  test.for(['4096', '1', '7,4096,100'])('gets a token for its challenge, %s bytes at a time', (chunk, context) => {
    const { command } = needs(context, goConfigfsTsm);
    if (!existsSync('/dev/fuse')) context.skip('there is no /dev/fuse');
    const { directory } = attest();
    for (const [i, report] of reports(command, challenges, '--chunk', chunk).entries()) {
      expect(report).toMatchObject({ provider: 'arm_cca_guest\n', error: '' });
      const token = join(scratch(), 'report.cbor');
      writeFileSync(token, Buffer.from(report.outblob, 'hex'));
      const verdict = swcca('verify', token, '--key', join(directory, 'cpak.pem'), '--challenge', challenges[i] ?? '');
      expect(verdict.status, verdict.stdout).toBe(0);
    }
  });

  test('is told of a challenge that the driver does not take', (context) => {
    const { command } = needs(context, goConfigfsTsm);
    if (!existsSync('/dev/fuse')) context.skip('there is no /dev/fuse');
    const [short] = reports(command, ['ab'.repeat(31)]);
    expect(short?.error).toContain('invalid argument');
  });
});

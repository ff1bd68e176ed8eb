import { spawnSync } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type AnyCommand, COMMAND_NAMES, COMMANDS, EXIT } from '../../src/cli/index.ts';
import { VERSION } from '../../src/platform/index.ts';
import { swcca } from './support/swcca.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('swcca', () => {
  test('has the version of its package', () => {
    expect(VERSION).toBe(JSON.parse(readFileSync(`${root}/package.json`, 'utf8')).version);
    for (const option of ['--version', '-V'])
      expect(swcca([option])).toMatchObject({ code: EXIT.ok, out: `${VERSION}\n` });
  });

  test('tells its commands, by --help, -h, help or nothing', async () => {
    const { code, out, err } = swcca(['--help']);
    expect({ code, err }).toEqual({ code: EXIT.ok, err: '' });
    await expect(out).toMatchFileSnapshot('help/swcca.txt');
    for (const args of [['-h'], ['help'], []]) expect(swcca(args).out).toBe(out);
  });

  test.each(COMMAND_NAMES)('%s --help says everything its table has, with examples', async (name) => {
    const { code, out, err } = swcca([name, '--help']);
    expect({ code, err }).toEqual({ code: EXIT.ok, err: '' });
    await expect(out).toMatchFileSnapshot(`help/${name}.txt`);
    expect(swcca(['help', name]).out).toBe(out);
    const command: AnyCommand = await COMMANDS[name]();
    for (const option of Object.keys(command.options)) expect(out).toContain(`--${option}`);
    expect(command.examples).not.toEqual([]);
    for (const [line] of command.examples) expect(line.split(' ')[0]).toBe(name);
  });

  test('keeps help readable in a narrow window', () => {
    for (const name of ['', ...COMMAND_NAMES]) {
      const lines = swcca(name === '' ? ['--help'] : [name, '--help']).out.split('\n');
      // Examples are whole commands, to be copied.
      expect(
        lines.filter((line) => line.length > 100 && !line.startsWith('  swcca ') && !line.includes('Usage:')),
      ).toEqual([]);
    }
  });

  test.each([
    [['--versio'], 'swcca: unknown option --versio; see swcca --help'],
    [['tokn'], 'swcca: unknown command tokn'],
    [['help', 'nothing'], 'swcca: unknown command nothing'],
    [['constructor'], 'swcca: unknown command constructor'],
    [['doctor', '--nothing'], 'swcca doctor: unknown option --nothing; see swcca doctor --help'],
    [['doctor', 'extra'], 'swcca doctor: does not know what to do with "extra"'],
    [['doctor', '\u001b[31m\n'], 'swcca doctor: does not know what to do with "\\x1b[31m "'],
  ])('%j is wrong use: one line', (args, says) => {
    const { code, out, err } = swcca(args);
    expect({ code, out }).toEqual({ code: EXIT.usage, out: '' });
    expect(err.startsWith(says)).toBe(true);
    expect(err.trimEnd().split('\n').length).toBe(1);
  });

  test('colours as it is told', () => {
    expect(swcca(['--help']).out).not.toContain('\u001b');
    expect(swcca(['--help'], { env: { FORCE_COLOR: '1' } }).out).toContain('\u001b[1mUsage:\u001b[22m');
    expect(swcca(['--help'], { env: { NO_COLOR: '1' } }).out).not.toContain('\u001b');
  });

  test('is content when its reader has read enough', () => {
    const line = `"${process.execPath}" dist/cli/main.js --help | true; echo \${PIPESTATUS[0]}`;
    const { stdout, stderr } = spawnSync('bash', ['-c', line], { cwd: root, encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
  });

  test.runIf(existsSync('/dev/full'))('says when standard output is full', () => {
    const { status, stderr } = spawnSync(process.execPath, ['dist/cli/main.js', '--help'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    expect(status).toBe(EXIT.usage);
    expect(stderr).toBe('swcca: standard output: cannot be written (ENOSPC)\n');
  });
});

describe('swcca doctor', () => {
  test('tells what is here', () => {
    const { code, out } = swcca(['doctor', '--json']);
    expect(code).toBe(EXIT.ok);
    expect(JSON.parse(out)).toMatchObject({ swcca: VERSION, node: process.versions.node });
    expect(JSON.parse(out).tools.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['QEMU', '/dev/fuse', 'namespaces']),
    );
    expect(swcca(['doctor']).out).toContain('Optional tools:');
  });

  test('does well without any tool', () => {
    const { code, out } = swcca(['doctor'], { env: { PATH: '/nowhere' } });
    expect(code).toBe(EXIT.ok);
    expect(out).toContain('missing  Go ');
    expect(out).toContain('missing  QEMU ');
    expect(out).toMatch(/missing {2}namespaces .*: there is no program unshare \(util-linux\)\n/);
  });
});

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refuseRealDriver } from '../../src/cli/run/tsm.ts';
import { HIDEABLE } from '../../src/fault/index.ts';
import {
  armCcaGuest,
  createFuseServer,
  createTree,
  ok,
  type ProgramEnd,
  REPORT_ATTRIBUTES,
  REPORT_FOLDER,
  runWithReportTree,
  type TreeFaults,
} from '../../src/tsm/index.ts';

import { whyNoMount } from '../support/mount.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'swcca-tsm-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs shell text where the kernel asks this process; what the text writes goes to files below $0. */
const run = (program: string, faults?: TreeFaults): Promise<ProgramEnd> => {
  const provider = armCcaGuest((challenge) => ok(challenge.map((byte) => byte ^ 0xff)));
  return runWithReportTree(['sh', '-c', program, folder], createFuseServer(createTree({ provider, faults })));
};
const written = (name: string): string => readFileSync(join(folder, name), 'utf8');

const unavailable = await whyNoMount();

/** Processes in a mount namespace. */
const inNamespace = (namespace: string): readonly string[] => {
  // Nothing is in a namespace that has no name.
  expect(namespace).toMatch(/^mnt:\[\d+\]$/);
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/ns/mnt`) === namespace;
    } catch {
      return false;
    }
  });
};

const until = async (holds: () => boolean): Promise<boolean> => {
  for (let tries = 0; tries < 200; tries++) {
    if (holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return holds();
};

/** `swcca tsm` with a program that starts others and says in which namespace they are. */
const start = async (program: string, first = ':'): Promise<{ swcca: ChildProcess; namespace: string }> => {
  const text = `${first}; readlink /proc/self/ns/mnt; ${program}`;
  const swcca = spawn(process.execPath, [MAIN, 'tsm', '--', 'sh', '-c', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(swcca.stdout, 'data')) as [Uint8Array];
  return { swcca, namespace: new TextDecoder().decode(line).trim() };
};

describe.skipIf(unavailable !== undefined)('a program in namespaces of its own', () => {
  test('sees reports at the place where Linux has them, and nobody else does', async () => {
    const end = await run(`
      cd ${REPORT_FOLDER} && mkdir one && head -c 40 /dev/zero > one/inblob
      cat one/provider one/generation > "$0/said" && cat one/outblob > "$0/report" && rmdir one && ls > "$0/left"`);
    expect(end).toEqual({ code: 0, signal: null });
    expect(written('said')).toBe('arm_cca_guest\n1\n');
    expect(new Uint8Array(readFileSync(join(folder, 'report')))).toEqual(new Uint8Array(64).fill(0xff));
    expect(written('left')).toBe('');
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(`swcca ${REPORT_FOLDER}`);
  });

  test('finds what configfs has: sizes, permissions, and ways in that are barred', async () => {
    await run(`
      cd ${REPORT_FOLDER} && mkdir one
      stat -c '%n %s %a' one/generation one/inblob one/outblob > "$0/stat"
      { cat one/inblob; echo x > one/outblob; rm one/inblob; mkdir one/two; mkdir one; touch file; mv one other
        rmdir none; } 2> "$0/errors"`);
    expect(written('stat')).toBe('one/generation 4096 400\none/inblob 0 200\none/outblob 0 400\n');
    const errors = written('errors');
    for (const says of [
      /cat: one\/inblob: Permission denied/,
      /cannot create one\/outblob: Permission denied/,
      /cannot remove 'one\/inblob': Operation not permitted/,
      /directory .?one\/two.?: Operation not permitted/,
      /directory .?one.?: File exists/,
      /'file': Permission denied/,
      /move 'one' to 'other': Operation not permitted/,
      /'none': No such file or directory/,
    ])
      expect(errors).toMatch(says);
  });

  test('is told of faults by errno, and reads what a short read leaves', async () => {
    let reads = 0;
    const faults: TreeFaults = (call) => {
      if (call !== 'tsm.read.outblob') return [];
      reads += 1;
      return reads === 1 ? [{ errno: 'EBUSY' }] : [{ short: 5 }];
    };
    await run(
      `cd ${REPORT_FOLDER} && mkdir one && head -c 64 /dev/zero > one/inblob
       cat one/outblob 2> "$0/errors"; cat one/outblob > "$0/report"; rmdir one`,
      faults,
    );
    expect(written('errors')).toContain('Device or resource busy');
    expect(new Uint8Array(readFileSync(join(folder, 'report')))).toEqual(new Uint8Array(64).fill(0xff));
  });

  test('ends as it ends: with its exit code, or as a shell says it of a signal', async () => {
    expect((await run('exit 7')).code).toBe(7);
    expect((await run('kill -9 $$')).code).toBe(137);
  });

  test('is not the first process, and leaves none behind', async () => {
    await run('sleep 300 & echo $$ > "$0/pid"; readlink /proc/self/ns/mnt > "$0/namespace"');
    expect(Number(written('pid'))).toBeGreaterThan(1);
    expect(inNamespace(written('namespace').trim())).toEqual([]);
  });
});

describe.skipIf(unavailable !== undefined)('a run that dies', () => {
  test('by kill -9 takes the program, what it started, the namespaces and the mount with it', async () => {
    const { swcca, namespace } = await start('setsid sleep 300 & (sleep 300 &); sleep 300');
    expect(await until(() => inNamespace(namespace).length >= 4)).toBe(true);
    swcca.kill('SIGKILL');
    expect(await until(() => inNamespace(namespace).length === 0)).toBe(true);
  });

  test('by SIGTERM lets the program end as it likes', async () => {
    const { swcca, namespace } = await start('sleep 300 & wait', `trap 'exit 9' TERM`);
    swcca.kill('SIGTERM');
    expect((await once(swcca, 'exit'))[0]).toBe(9);
    expect(inNamespace(namespace)).toEqual([]);
  });
});

describe('a machine that cannot', () => {
  test('says so in one line that names another way', async () => {
    const server = createFuseServer(createTree({ provider: armCcaGuest(ok) }));
    const message = await runWithReportTree(['true'], server, { device: '/dev/no-fuse' }).catch(
      (error: Error) => error.message,
    );
    expect(message).toMatch(unavailable ?? /^\/dev\/no-fuse is missing: load the fuse module, or use --dir, [^\n]*$/);
    const { stderr, status } = spawnSync(process.execPath, [MAIN, 'tsm', '--', 'true'], {
      encoding: 'utf8',
      env: { PATH: '/nowhere' },
    });
    expect(stderr).toMatch(/^swcca tsm: there is no program unshare \(util-linux\)[^\n]*; or use --dir[^\n]*\n$/);
    expect(status).toBe(2);
  });

  test('with a real driver is left alone, unless that is wanted', () => {
    const real = (path: string): boolean => path === '/sys/module/arm_cca_guest';
    expect(() => refuseRealDriver(false, real)).toThrow(/has a real arm_cca_guest.*--i-know/);
    refuseRealDriver(true, real);
    refuseRealDriver(false, () => false);
  });
});

test('a fault plan can hide each attribute that there is', () => {
  expect([...HIDEABLE].sort()).toEqual(Object.keys(REPORT_ATTRIBUTES).sort());
});

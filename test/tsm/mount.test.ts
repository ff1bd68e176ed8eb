import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  armCcaGuest,
  createFuseServer,
  createTree,
  REPORT_FOLDER,
  runWithReportTree,
  TsmUnavailable,
} from '../../src/tsm/index.ts';

/** An unmodified shell, in a mount namespace where the kernel asks this process. */
test('a program sees reports at the place where Linux has them, and nobody else does', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'swcca-tsm-'));
  const tree = createTree({ provider: armCcaGuest((challenge) => challenge.map((byte) => byte ^ 0xff)) });
  const program = `
    cd ${REPORT_FOLDER} && mkdir one && head -c 40 /dev/zero > one/inblob
    cat one/provider one/generation > "$0/said" && cat one/outblob > "$0/report" && rmdir one && ls > "$0/left"`;
  try {
    const end = await runWithReportTree(['sh', '-c', program, folder], createFuseServer(tree));
    expect(end).toEqual({ code: 0, signal: null });
    expect(readFileSync(join(folder, 'said'), 'utf8')).toBe('arm_cca_guest\n1\n');
    expect(new Uint8Array(readFileSync(join(folder, 'report')))).toEqual(new Uint8Array(64).fill(0xff));
    expect(readFileSync(join(folder, 'left'), 'utf8')).toBe('');
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(`swcca ${REPORT_FOLDER}`);
  } catch (error) {
    if (!(error instanceof TsmUnavailable)) throw error;
    context.skip(error.message);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

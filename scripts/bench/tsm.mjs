import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { medianOf } from './interleave.mjs';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const CLIENT = fileURLToPath(new URL('./tsm-client.mjs', import.meta.url));
const ECHO = fileURLToPath(new URL('./tsm-echo.mjs', import.meta.url));

const REPORTS = 200;
const REPETITIONS = 3;

/** Milliseconds of all reports, as the client measures them. */
const timeOf = (args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, process.execPath, CLIENT, String(REPORTS)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`bench: ${stderr}`);
  return Number(stdout);
};

/** Reports of a Realm under `swcca tsm` by the same files of the same size from a FUSE server that has them ready. */
export const tsm = () => {
  if (!existsSync('/dev/fuse')) {
    console.error('bench: tsm is left out: there is no /dev/fuse');
    return [];
  }
  const times = { subject: [], yardstick: [] };
  for (let i = 0; i < REPETITIONS; i += 1) {
    times.subject.push(timeOf([MAIN, 'tsm', '--']));
    times.yardstick.push(timeOf([ECHO]));
  }
  const [subjectMs, yardstickMs] = [medianOf(times.subject), medianOf(times.yardstick)];
  return [
    {
      id: 'tsm',
      what: `${REPORTS} reports under swcca tsm, against a bare FUSE echo`,
      subjectMs,
      yardstickMs,
      ratio: subjectMs / yardstickMs,
      repetitions: REPETITIONS,
      limit: 25,
    },
  ];
};

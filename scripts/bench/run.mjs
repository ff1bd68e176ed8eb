/**
 * Benchmarks: each as a ratio to a yardstick that is measured in the same run, so that they mean something on any machine.
 *
 *   npm run bench               all of them
 *   npm run bench -- launch     those whose name starts with the word
 *
 * Prints a table and writes out/bench.json. Exit status 1 when a limit does not hold.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERSION } from '../../dist/platform/index.js';
import { bridge } from './bridge.mjs';
import { cliToken } from './cli-token.mjs';
import { commands } from './commands.mjs';
import { corpus } from './corpus.mjs';
import { idleRealms } from './idle-realms.mjs';
import { launch } from './launch.mjs';
import { runner } from './runner.mjs';
import { scriptBackEnd } from './script-back-end.mjs';
import { tokenPath } from './token-path.mjs';
import { tsm } from './tsm.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const BENCHMARKS = {
  'token-path': tokenPath,
  launch,
  'cli-token': cliToken,
  commands,
  runner,
  'idle-realms': idleRealms,
  tsm,
  bridge,
  corpus,
  'script-back-end': scriptBackEnd,
};

const words = process.argv.slice(2);
const strange = words.find((word) => !Object.keys(BENCHMARKS).some((name) => name.startsWith(word)));
if (strange !== undefined) {
  console.error(`bench: there is no ${strange}; there are ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(2);
}
const wanted = Object.entries(BENCHMARKS).filter(
  ([name]) => words.length === 0 || words.some((word) => name.startsWith(word)),
);

const amounts = ({ subjectMs, yardstickMs, subjectMiB, yardstickMiB }) =>
  subjectMs === undefined
    ? `${subjectMiB.toFixed(0)} MiB / ${yardstickMiB.toFixed(0)} MiB`
    : `${subjectMs.toFixed(2)} ms / ${yardstickMs.toFixed(2)} ms`;

const rows = [];
for (const [, benchmark] of wanted) {
  rows.push(...(await benchmark()).map((row) => ({ ...row, pass: row.ratio <= row.limit })));
}
const columns = [
  ['benchmark', ({ what }) => what],
  ['times', amounts],
  ['ratio', ({ ratio }) => ratio.toFixed(2)],
  ['limit', ({ limit, aim }) => `${limit}${aim === undefined ? '' : ` (aim ${aim})`}`],
  ['', ({ pass }) => (pass ? 'pass' : 'FAIL')],
];
const cells = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, show]) => show(row)))];
const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i].length)));
for (const line of cells)
  console.log(
    line
      .map((cell, i) => cell.padEnd(widths[i]))
      .join('   ')
      .trimEnd(),
  );

mkdirSync(join(root, 'out'), { recursive: true });
const report = {
  format: 1,
  version: VERSION,
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
  rows,
};
writeFileSync(join(root, 'out/bench.json'), `${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = rows.every(({ pass }) => pass) ? 0 : 1;

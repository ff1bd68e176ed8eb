/**
 * Runs the conformance suite and writes docs/conformance.md: rule, test, result. With `--check`, writes nothing and fails
 * when the page is not what the run gives.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { conformancePage } from './lib/conformance/page.mjs';
import { lastWords, run } from './lib/interop/run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'docs/conformance.md');
const text = (path) => readFileSync(join(root, path), 'utf8');
const json = (path) => JSON.parse(text(path));

const results = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'swcca-conformance-'));
  try {
    const report = join(folder, 'report.json');
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const args = ['run', '--project', 'unit', 'test/conformance', '--reporter=json', `--outputFile=${report}`];
    const ran = await run(process.execPath, [vitest, ...args], { cwd: root });
    if (ran.status !== 0 && ran.status !== 1) throw new Error(`the suite did not run: ${lastWords(ran)}`);
    return JSON.parse(readFileSync(report, 'utf8')).testResults.flatMap(({ assertionResults }) =>
      assertionResults.flatMap(({ meta, status }) =>
        meta?.rule === undefined ? [] : [{ ...meta.rule, passed: status === 'passed' }],
      ),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Files run beside each other: the page has one order whatever finished first. */
const FAMILIES = ['RMI_', 'RSI_', 'PSCI_', ''];
const family = ({ group, kind }) =>
  kind === 'scenario' ? FAMILIES.length : FAMILIES.findIndex((prefix) => group.startsWith(prefix));

const all = (await results()).sort((a, b) => family(a) - family(b));
const suite = {
  rows: json('test/vectors/acs-command-rows.json').rows.map(([command, , label]) => `${command}.${label}`),
  scenarios: Object.values(json('test/vectors/conformance-scenarios.json').scenarios).flat(),
};
const written = conformancePage(all, text('test/known-gaps.md'), suite);
const failed = all.filter(({ passed }) => !passed).length;

if (process.argv.includes('--check')) {
  const same = readFileSync(page, 'utf8') === written;
  if (!same) console.error('docs/conformance.md is not up to date: run node scripts/gen-conformance.mjs');
  process.exitCode = same && failed === 0 ? 0 : 1;
} else {
  writeFileSync(page, written);
  console.log(`docs/conformance.md: ${all.length} tests, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

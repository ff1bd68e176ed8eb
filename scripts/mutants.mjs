// Makes monitors that are wrong in one place, and counts how many of them the tests notice.
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const page = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs', 'mutants.md');

/** Judges every `of`-th mutant from the `first` on, as far as `only` names it. */
const judge = async ({ library, first, of, only }) => {
  const { createSuite, whyEquivalent } = await import(library);
  const { mutants, killer } = createSuite();
  const wanted = new RegExp(only);
  for (const [i, mutant] of mutants.filter(({ id }) => wanted.test(id)).entries()) {
    if (i % of !== first) continue;
    const { id, kind, command } = mutant;
    parentPort.postMessage({
      place: i,
      mutant: { id, kind, command },
      killer: killer(mutant),
      equivalent: whyEquivalent(id),
    });
  }
};

const USAGE = `usage: node scripts/mutants.mjs [--only PATTERN] [--jobs N] [--killers] [--write]
  --only PATTERN  mutants whose identifier matches, such as RTT_FOLD
  --jobs N        how many at a time
  --killers       print what notices each
  --write         write docs/mutants.md; needs all mutants`;

const readOptions = () => {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', default: '' },
        jobs: { type: 'string', default: String(availableParallelism()) },
        killers: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    new RegExp(values.only);
    if (!values.help) return values;
    console.log(USAGE);
    process.exit(0);
  } catch (error) {
    console.error(`mutants: ${error.message}\n${USAGE}`);
    process.exit(2);
  }
};

const main = async () => {
  const values = readOptions();
  if (values.write && values.only !== '') {
    console.error('mutants: --write needs all mutants, so --only does not go with it');
    process.exit(2);
  }
  const of = Math.max(1, Number(values.jobs) || 1);
  const { buildTestLibrary } = await import('./lib/test-library.mjs');
  const library = await buildTestLibrary('mutants', ['mutants/suite.ts', 'mutants/equivalent.ts', 'mutants/report.ts']);
  const { EQUIVALENT, problems, scorePage } = await import(library);

  const verdicts = [];
  const work = (first) =>
    new Promise((resolve, reject) => {
      const thread = new Worker(fileURLToPath(import.meta.url), {
        workerData: { library, first, of, only: values.only },
      });
      thread.on('error', reject);
      thread.on('exit', resolve);
      thread.on('message', (verdict) => {
        verdicts.push(verdict);
        if (process.stderr.isTTY) process.stderr.write(`\r${verdicts.length} mutants`);
        if (values.killers) console.log(`${verdict.mutant.id}: ${verdict.killer ?? 'lives'}`);
      });
    });
  await Promise.all(Array.from({ length: of }, (_, first) => work(first)));
  if (process.stderr.isTTY) process.stderr.write('\r');
  verdicts.sort((a, b) => a.place - b.place);

  const known = new Set(verdicts.map(({ mutant }) => mutant.id));
  const unknown = EQUIVALENT.flatMap(({ ids }) => ids).filter((id) => values.only === '' && !known.has(id));
  const wrong = [
    ...problems(verdicts),
    ...unknown.map((id) => `is listed as equivalent, and there is no such mutant: ${id}`),
  ];
  const text = scorePage(verdicts);
  console.log(text.slice(0, text.indexOf('\n## ')));
  for (const problem of wrong) console.error(problem);
  if (values.write && wrong.length === 0) writeFileSync(page, text);
  process.exitCode = wrong.length === 0 ? 0 : 1;
};

await (isMainThread ? main() : judge(workerData));

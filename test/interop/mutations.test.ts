import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { FINDINGS, parseKeyFile, verifyToken } from '../../src/verify/index.ts';
import { interop, needs } from './support/context.ts';
import { goHabits, goNextHabits, type Habits, rustHabits } from './support/disagreements.ts';
import { swcca } from './support/swcca.ts';

const { ccatokenCli, goCcatoken, goCcatokenNext, rustCcatoken, titles } = interop;

interface Judged {
  readonly id: string;
  readonly verdict: string;
  readonly answer: 'accepted' | 'refused' | 'crashed' | 'hung' | 'out-of-memory';
  readonly judgement: string;
  readonly says: string;
}

interface Results {
  readonly corpus: string;
  readonly results: readonly Judged[];
}

/** Makes a corpus and puts it to a verifier through its adapter: `swcca corpus`, `swcca judge`. */
const judgedBy = <T>(
  adapter: string,
  program: string,
  selection: readonly string[],
  look: (judged: Results) => T,
): T => {
  const folder = mkdtempSync(join(tmpdir(), 'swcca-interop-'));
  try {
    return look(judgedIn(folder, adapter, program, selection));
  } finally {
    // Tens of thousands of files: more than a hook of a test has time for.
    rmSync(folder, { recursive: true, force: true });
  }
};

const judgedIn = (folder: string, adapter: string, program: string, selection: readonly string[]): Results => {
  const [corpus, report] = [join(folder, 'corpus'), join(folder, 'report.json')];
  const made = swcca('corpus', '--out', corpus, ...selection);
  if (made.status !== 0) throw new Error(made.stderr);
  const { status, stderr } = swcca(
    'judge',
    '--corpus',
    corpus,
    '--adapter',
    adapter,
    '--report',
    report,
    '--',
    program,
  );
  if (status === null || status > 1) throw new Error(stderr);
  return { corpus, results: (JSON.parse(readFileSync(report, 'utf8')) as { results: readonly Judged[] }).results };
};

const idsOf = (results: readonly Judged[], judgement: string): readonly string[] =>
  results.filter((result) => result.judgement === judgement).map(({ id }) => id);

const peers = [
  {
    title: titles.goCcatoken,
    participant: goCcatoken,
    adapter: 'go-ccatoken',
    dialect: 'rmm-1.0',
    habits: goHabits,
    // Keys that stand twice, three and five extensible measurements, texts for labels, hashes of another size.
    holes: ['B07', 'B08', 'B35', 'L12', 'L17', 'R18', 'R19', 'R16', 'N15', 'P18'],
    crashes: ['P81'],
    overStrict: ['V02'],
  },
  {
    title: titles.goCcatokenNext,
    participant: goCcatokenNext,
    adapter: 'go-ccatoken-b26aba0',
    dialect: 'rmm-1.1',
    habits: goNextHabits,
    holes: ['B07', 'B08', 'B35', 'L12', 'L17', 'R18', 'R19', 'R16', 'N15', 'P18'],
    crashes: ['P81'],
    overStrict: [],
  },
  {
    title: titles.rustCcatoken,
    participant: rustCcatoken,
    adapter: 'rust-ccatoken',
    dialect: 'rmm-1.0-legacy',
    habits: rustHabits,
    // No tag, alg where nothing protects it, bytes that follow, indefinite lengths.
    holes: ['C08', 'C12', 'C17', 'B01', 'B05', 'L47', 'P12', 'P29'],
    crashes: ['C07', 'C14', 'C16', 'C22'],
    overStrict: ['C29', 'N04', 'P34', 'R24', 'R46'],
  },
] as const;

const RANDOM = 10_000;

/** Whether ours accepts a token, with the key that goes with it, and which errors it finds. */
const ours = (corpus: string, id: string) => {
  const { given } = JSON.parse(readFileSync(join(corpus, `${id}.json`), 'utf8')) as { given: { key: string } };
  const key = parseKeyFile(readFileSync(join(corpus, `${given.key}.pem`)), nodeCrypto);
  if (!key.ok) throw new Error(`${corpus}: ${given.key} is no key`);
  const token = readFileSync(join(corpus, `${id}.cbor`));
  const { accepted, findings } = verifyToken(token, { crypto: nodeCrypto, key: key.key });
  return { accepted, errors: findings.map(({ code }) => code).filter((code) => FINDINGS[code].severity === 'error') };
};

/** Why a verifier and ours part ways over a token, or nothing where nobody knows. */
const explanation = (habits: Habits, { answer, says }: Judged, errors: readonly (keyof typeof FINDINGS)[]) => {
  if (answer === 'accepted') {
    const reasons = errors.map((code) => habits.lax[code]);
    return reasons.every((reason) => reason !== undefined) ? `lax: ${[...new Set(reasons)].join('; ')}` : undefined;
  }
  const kind = answer === 'crashed' ? 'crash' : 'strict';
  const [, reason] = habits[kind].find(([pattern]) => pattern.test(says)) ?? [];
  return reason === undefined ? undefined : `${kind}: ${reason}`;
};

/** Every disagreement by its explanation; those without one by what there is to say. */
const tally = (corpus: string, results: readonly Judged[], habits: Habits) => {
  const explained = new Map<string, number>();
  const unexplained: string[] = [];
  let agreed = 0;
  for (const result of results) {
    const { accepted, errors } = ours(corpus, result.id);
    const theirs = result.answer === 'accepted';
    if (result.answer !== 'crashed' && theirs === accepted) {
      agreed += 1;
      continue;
    }
    const reason = explanation(habits, result, errors);
    if (reason === undefined) unexplained.push(`${result.id} ${result.answer} ${errors.join('+')} ${result.says}`);
    else explained.set(reason, (explained.get(reason) ?? 0) + 1);
  }
  return { agreed, explained, unexplained };
};

for (const { title, participant, adapter, dialect, habits, holes, crashes, overStrict } of peers) {
  describe(title, () => {
    test('has the holes, crashes and over-strictness that its code shows', (context) => {
      const [program = ''] = needs(context, participant).command;
      judgedBy(adapter, program, ['--dialect', dialect], ({ corpus, results }) => {
        context.task.meta.counted = `${results.length} mutations of the catalogue`;
        expect(idsOf(results, 'hole')).toEqual(expect.arrayContaining([...holes]));
        expect(idsOf(results, 'crash')).toEqual(expect.arrayContaining([...crashes]));
        expect(idsOf(results, 'over-strict')).toEqual(expect.arrayContaining([...overStrict]));
        expect(idsOf(results, 'hang')).toEqual([]);
        const { unexplained } = tally(
          corpus,
          results.filter(({ verdict }) => verdict !== 'policy'),
          habits,
        );
        expect(unexplained).toEqual([]);
      });
    });

    test(`agrees with ours on ${RANDOM} random mutations, but for habits that are known`, (context) => {
      const [program = ''] = needs(context, participant).command;
      const random = ['--dialect', dialect, '--random', String(RANDOM), '--seed', 'differential'];
      judgedBy(adapter, program, random, ({ corpus, results }) => {
        const { agreed, explained, unexplained } = tally(corpus, results, habits);
        const reasons = [...explained].toSorted(([, a], [, b]) => b - a).map(([reason, count]) => `${count} ${reason}`);
        context.task.meta.counted = `${agreed} of ${results.length} alike; ${reasons.join('; ')}`;
        expect(unexplained).toEqual([]);
        expect(results.length).toBe(RANDOM);
        expect(agreed).toBeGreaterThan(RANDOM * 0.75);
      });
    });
  });
}

const FEW = 'V01,V03,C01,C02,C03,C07,N02,N18,P18,R18';

test(`${titles.rustCose} judges signatures alone: claims and binding are none of its business`, (context) => {
  const [program = ''] = needs(context, rustCcatoken).command;
  judgedBy('rust-cose', program, ['--only', FEW], ({ results }) => {
    const accepted = results.filter(({ answer }) => answer === 'accepted').map(({ id }) => id);
    context.task.meta.counted = `${results.length} mutations`;
    expect(accepted).toEqual(expect.arrayContaining(['V01', 'N18', 'P18', 'R18']));
    expect(accepted).not.toContain('C01');
  });
});

test(`${titles.ccatokenCli} has no word for a Realm that is bound to another platform`, (context) => {
  const [program = ''] = needs(context, ccatokenCli).command;
  judgedBy('ccatoken-cli', program, ['--only', FEW, '--dialect', 'rmm-1.0-legacy'], ({ results }) => {
    context.task.meta.counted = `${results.length} mutations`;
    const answers = Object.fromEntries(results.map(({ id, answer }) => [id, answer]));
    expect(answers).toMatchObject({ V03: 'accepted', C01: 'refused', C07: 'crashed', R18: 'refused' });
    expect(idsOf(results, 'hole')).toEqual(expect.arrayContaining(['N02', 'N18', 'P18']));
  });
});

import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, test } from 'vitest';
import type { AnswerKind } from '../../src/cli/judge/answer.ts';
import { baselineText, changesSince, parseBaseline } from '../../src/cli/judge/baseline.ts';
import { counts, judge, type Result, worstFirst } from '../../src/cli/judge/judgement.ts';
import { linesVerifier } from '../../src/cli/judge/lines.ts';
import { askAll } from '../../src/cli/judge/run-all.ts';
import { countsOf, scoreCard, scoreJson, scoreJUnit } from '../../src/cli/judge/score.ts';
import { CATALOGUE } from '../../src/mutate/index.ts';
import { FINDINGS, verifyToken } from '../../src/verify/index.ts';
import { crypto, KEYS } from '../mutate/support/base.ts';
import { COMMON_CHALLENGE, corpusOf } from './support/corpus.ts';

const TOY = fileURLToPath(new URL('./support/toy.mjs', import.meta.url));
const { folder, cases } = corpusOf({});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that a verifier with only token and key can be asked. */
const counted = cases.filter(({ description }) => counts(description, new Set()));

const judgedBy = async (...lax: readonly string[]): Promise<readonly Result[]> => {
  const verifiers = [0, 1].map(() =>
    linesVerifier(
      [process.execPath, TOY, '--lines', '--lax', lax.join(',')],
      { timeoutMs: 10_000, memoryMiB: 1024 },
      '{key.pem}',
    ),
  );
  return askAll(verifiers, counted, COMMON_CHALLENGE, folder);
};

const idsOf = (results: readonly Result[], judgement: string): readonly string[] =>
  results.filter((result) => result.judgement === judgement).map(({ description }) => description.id);

const key = KEYS.public('cpak');
/** Tokens that must be rejected in which nothing is found but what is overlooked. */
const withNothingElse = (...codes: readonly string[]): readonly string[] =>
  counted
    .filter(({ description: { verdict }, token }) => {
      const { findings } = verifyToken(readFileSync(token), { crypto, key });
      const errors = findings.filter(({ code }) => FINDINGS[code].severity === 'error');
      return verdict === 'must-reject' && errors.every(({ code }) => codes.includes(code));
    })
    .map(({ description: { id } }) => id);

test('a verifier without a hole has none', async () => {
  const results = await judgedBy();
  expect(results.length).toBeGreaterThan(550);
  const { right, policy, ...rest } = countsOf(results);
  expect(right + policy).toBe(results.length);
  expect(new Set(Object.values(rest))).toEqual(new Set([0]));
});

describe.each([
  ['the binding of both parts', ['BINDING_MISMATCH'], 'N02'],
  ['the signature of the platform', ['PLATFORM_SIG_INVALID', 'PLATFORM_SIG_SIZE'], 'C01'],
  ['keys that stand twice', ['CBOR_DUPLICATE_KEY'], 'B08'],
] as const)('a verifier that does not mind %s', (_, lax, one) => {
  test('has exactly these holes, each named with the rule that it breaks', async () => {
    const results = await judgedBy(...lax);
    const holes = idsOf(results, 'hole');
    expect(holes).toContain(one);
    expect(holes.length).toBeGreaterThanOrEqual(10);
    expect(holes).toEqual(withNothingElse(...lax));
    const rows = CATALOGUE.filter(({ finds = [] }) => finds.some((code) => lax.some((each) => each === code)));
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining([...holes]));
    const score = { verifier: 'toy', corpus: 'x', results, notCounted: 0, seconds: 1 };
    const card = scoreCard(score, paint);
    for (const id of holes) expect(card).toMatch(new RegExp(`^  \\w+ +${id} +\\S.*\\n +\\S.*: \\S`, 'm'));
    expect(card).toContain(`HOLES: ${holes.length} tokens accepted that must be rejected`);
    expect(card.split('\n').at(-1)).toContain(` ${holes.length} holes, 0 over-strict, 0 crashes, 0 hangs`);
  });
});

const plain = (text: string): string => text;
const paint = { bold: plain, red: plain, yellow: plain, cyan: plain, green: plain, dim: plain } as Parameters<
  typeof scoreCard
>[1];

test.each([
  ['must-reject', ['hole', 'right', 'crash', 'hang', 'memory']],
  ['must-accept', ['right', 'over-strict', 'crash', 'hang', 'memory']],
  ['policy', ['policy', 'policy', 'crash', 'hang', 'memory']],
  ['unknown', ['unknown', 'unknown', 'crash', 'hang', 'memory']],
] as const)('%s, accepted, refused, crashed, hung, out of memory: %s', (verdict, judgements) => {
  const kinds: readonly AnswerKind[] = ['accepted', 'refused', 'crashed', 'hung', 'out-of-memory'];
  expect(kinds.map((kind) => judge({ verdict }, { kind }))).toEqual(judgements);
});

/** One result of each judgement, with words that no format may trip over. */
const answered = (says = ''): readonly Result[] => {
  const kinds: readonly AnswerKind[] = ['accepted', 'refused', 'crashed', 'hung', 'out-of-memory'];
  return cases.map(({ description }, i): Result => {
    const answer = { kind: kinds[i % kinds.length] ?? 'accepted', says, ms: i };
    return { description, answer, judgement: judge(description, answer) };
  });
};
const scoreOf = (results: readonly Result[]) => ({
  verifier: 'a "b" <c>',
  corpus: 'x',
  results,
  notCounted: 1,
  seconds: 1.23456,
});

test('holes come by what is gained: forgery before form', () => {
  const holes = worstFirst(answered().filter(({ judgement }) => judgement === 'hole'));
  const gains = [...new Set(holes.map(({ description }) => description.gain))];
  expect(gains[0]).toBe('forgery');
  expect(gains.length).toBe(new Set(gains).size);
});

const schema = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url), 'utf8'));
const validator = (name: string) => new Ajv2020({ allowUnionTypes: true }).compile(schema(name));

test('the result for programs has its published schema', () => {
  const validate = validator('judge');
  expect([validate(JSON.parse(JSON.stringify(scoreJson(scoreOf(answered('x')))))), validate.errors]).toEqual([
    true,
    null,
  ]);
});

test('descriptions and the manifest of a corpus have their published schemas', () => {
  const validate = validator('corpus-token');
  for (const { description } of cases) {
    expect([description.id, validate(JSON.parse(JSON.stringify(description))), validate.errors]).toEqual([
      description.id,
      true,
      null,
    ]);
  }
});

describe('the result as JUnit has it', () => {
  test('counts failures and errors', () => {
    const results = answered();
    const xml = scoreJUnit(scoreOf(results));
    const counts = countsOf(results);
    const sum = (name: string): number =>
      [...xml.matchAll(new RegExp(`<testsuite [^>]*${name}="(\\d+)"`, 'g'))].reduce((all, [, n]) => all + Number(n), 0);
    expect(sum('tests')).toBe(results.length);
    expect(sum('failures')).toBe(counts.hole + counts['over-strict']);
    expect(sum('errors')).toBe(counts.crash + counts.hang + counts.memory);
    expect(xml.match(/<failure /g)?.length).toBe(sum('failures'));
    expect(xml.match(/<error /g)?.length).toBe(sum('errors'));
  });

  test('is XML whatever a verifier says', () => {
    const xml = scoreJUnit(scoreOf(answered('</failure> & "quotes" \u0000\u001b[31m \ud800')));
    expect(xml).not.toMatch(/<\/failure> &/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(xml).not.toMatch(/[\u0000\u001b]/);
    expect(xml).toContain('&lt;/failure&gt; &amp; &quot;quotes&quot;');
    expect(xml).toContain('<testsuites name="swcca judge -- a &quot;b&quot; &lt;c&gt;"');
  });
});

describe('a baseline', () => {
  const results = answered();

  test('is read as it was written, and has its published schema', () => {
    const text = baselineText(results);
    const validate = validator('judge-baseline');
    expect([validate(JSON.parse(text)), validate.errors]).toEqual([true, null]);
    expect(changesSince(parseBaseline('x', text), results)).toEqual([]);
  });

  test('tells what is answered otherwise, and what is new and wrong', () => {
    const [first, second, third, fourth, fifth] = results;
    if (!(first && second && third && fourth && fifth)) throw new Error('there are more');
    const before = new Map<string, AnswerKind>([
      [first.description.id, 'refused'],
      [third.description.id, third.answer.kind],
    ]);
    const changes = changesSince(before, [first, second, third]);
    expect(changes.map(({ result, before: was }) => [result.description.id, was])).toEqual([
      [first.description.id, 'refused'],
      ...(second.judgement === 'right' ? [] : [[second.description.id, undefined]]),
    ]);
    const right: Result = { ...second, judgement: 'right' };
    expect(changesSince(before, [right])).toEqual([]);
  });

  test.each(['', '{}', '[]', 'null', '{"format":"swcca/judge-baseline/v1"}', '{"format":"x","answers":{}}'])(
    'is not %s',
    (text) => {
      expect(() => parseBaseline('file', text)).toThrow(/^file: is not swcca\/judge-baseline\/v1/);
    },
  );
});

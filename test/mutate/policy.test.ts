import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CATALOGUE, type Mutation } from '../../src/mutate/index.ts';

const ROW = /^\| ([A-Z0-9, ]+) \|.*\| (accepted|warned|refused) \|$/;
const decisions = new Map(
  readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8')
    .split('\n')
    .flatMap((line): (readonly [string, string])[] => {
      const [, ids = '', decision = ''] = ROW.exec(line) ?? [];
      return ids === '' ? [] : ids.split(', ').map((id) => [id, decision] as const);
    }),
);

const decisionOf = ({ refused, finds = [] }: Mutation): string =>
  refused === true ? 'refused' : finds.length > 0 ? 'warned' : 'accepted';

test('docs/policy.md decides every mutation that the documents leave open, as the verifier does', () => {
  const open = CATALOGUE.filter(({ verdict }) => verdict === 'policy');
  expect(open.map((row) => [row.id, decisions.get(row.id)])).toEqual(open.map((row) => [row.id, decisionOf(row)]));
});

test('what it decides besides must be accepted, and is', () => {
  const others = CATALOGUE.filter(({ id, verdict }) => decisions.has(id) && verdict !== 'policy');
  expect(others.map(({ verdict }) => verdict)).toEqual(others.map(() => 'must-accept'));
  expect(others.map(({ id }) => decisions.get(id))).toEqual(others.map(() => 'accepted'));
  const text = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8');
  const named = /These are (.*?) All other/s.exec(text)?.[1] ?? '';
  expect(others.map(({ id }) => id).filter((id) => !named.includes(id))).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ALL_COMMANDS, pageOf, referenceFiles } from '../../src/cli/reference.ts';
import { applyPersonality, PERSONALITIES } from '../../src/personality/index.ts';
import { COMMAND_RULES, GENERAL_RULES, RMM_1_0, STATE_MACHINES } from '../../src/rmm/index.ts';
import {
  differenceOf,
  orderDiagram,
  pageMarkdown,
  pageText,
  reordered,
  statesText,
  without,
} from '../../src/spec/index.ts';

const folder = fileURLToPath(new URL('../../docs/reference/', import.meta.url));

describe('docs/reference', () => {
  const files = referenceFiles();

  test('has the files that `swcca spec --markdown --out docs/reference` writes, and no others', () => {
    expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort());
  });

  test.each([...files])('%s is as it is written now', (name, text) => {
    expect(readFileSync(`${folder}${name}`, 'utf8')).toBe(text);
  });
});

describe.each(ALL_COMMANDS)('the page of $name', (command) => {
  const page = pageOf(command);
  const text = pageText(page);
  const markdown = pageMarkdown(page);

  test('says all that the command says', () => {
    for (const written of [text, markdown]) {
      expect(written).toContain(command.name);
      expect(written).toContain(command.spec);
      expect(written).toContain(command.summary);
      for (const id of [...Object.keys(command.failures), ...Object.keys(command.success)])
        expect(written).toContain(id);
      for (const { says } of Object.values(command.failures)) expect(written).toContain(says);
      for (const { doc } of Object.values({ ...command.inputs, ...command.outputs })) expect(written).toContain(doc);
    }
  });

  test('names rules of conditions that there are', () => {
    const { command: rules = [], conditions = {} } = COMMAND_RULES[command.name] ?? {};
    expect(Object.keys(conditions).filter((id) => !Object.hasOwn(command.failures, id))).toEqual([]);
    expect(rules.length).toBeGreaterThan(0);
    for (const rule of [...rules, ...Object.values(conditions).flat()]) expect(rule).toMatch(/^[RIXSUD]_[A-Z]{5}$/);
    for (const rule of rules) expect(markdown).toContain(rule);
  });

  test('draws every edge, published ones solid and ours dotted', () => {
    const diagram = orderDiagram(page) ?? '';
    const arrows = (arrow: string): number => diagram.split('\n').filter((line) => line.includes(` ${arrow} `)).length;
    const lines = (edges: typeof page.order): number =>
      edges.reduce(
        (sum, [l, r]) => sum + (l.length > 1 && r.length > 1 ? l.length + r.length : l.length * r.length),
        0,
      );
    expect(arrows('-->')).toBe(lines(page.order));
    expect(arrows('-.->')).toBe(lines(page.wellFormed));
  });
});

test('every rule of a command is of a command that there is', () => {
  const names = ALL_COMMANDS.map(({ name }) => name);
  expect(Object.keys(COMMAND_RULES).filter((name) => !names.includes(name))).toEqual([]);
  for (const rule of Object.keys(GENERAL_RULES)) expect(rule).toMatch(/^[RIXSUD]_[A-Z]{5}$/);
});

describe('what differs', () => {
  const dataCreate = RMM_1_0.rmi.find(({ name }) => name === 'RMI_DATA_CREATE');
  if (dataCreate === undefined) throw new Error('no such command');

  test('is nothing between a command and itself', () => {
    expect(differenceOf(dataCreate, dataCreate)).toEqual({ added: [], removed: [], answers: [], order: undefined });
  });

  test('is a condition less, another order, or a condition more', () => {
    expect(differenceOf(dataCreate, without(dataCreate, 'rd_state')).removed).toEqual(['rd_state']);
    const [first = '', second = ''] = Object.keys(dataCreate.failures);
    expect(differenceOf(dataCreate, reordered(dataCreate, [second, first])).order?.slice(0, 2)).toEqual([
      second,
      first,
    ]);
    expect(differenceOf(without(dataCreate, 'rd_state'), dataCreate).added.map(({ id }) => id)).toEqual(['rd_state']);
  });

  test('can be told of every command of every personality', () => {
    for (const personality of Object.values(PERSONALITIES)) {
      const { rmi, rsi, psci } = applyPersonality(RMM_1_0, personality).commands;
      for (const implemented of [...rmi, ...rsi, ...psci]) {
        const specified = ALL_COMMANDS.find(({ name }) => name === implemented.name);
        if (specified !== undefined) expect(differenceOf(specified, implemented)).toHaveProperty('order');
      }
    }
  });
});

test.each(STATE_MACHINES)('the state machine $name says and draws each of its edges', (machine) => {
  const edges = Object.entries(machine.edges).flatMap(([from, out]) =>
    Object.entries(out).map(([on, to]) => [from, on, to]),
  );
  expect(edges.length).toBeGreaterThan(0);
  const said = statesText(machine);
  for (const [from, on, to] of edges) {
    expect(machine.mermaid()).toContain(`  ${from} --> ${to}: ${on}`);
    expect(said).toMatch(new RegExp(`${from} +-> +${to} +${on?.replace(/[()]/g, '\\$&')}`));
    expect(machine.allows(from ?? '', to ?? '')).toBe(true);
  }
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { argumentKind, CONTINUE_ACT_NAMES, INIT_ACT_NAMES, type RuleCall } from '../../src/response/format.ts';
import { assemble, disassemble, FINDINGS } from '../../src/response/index.ts';

const page = readFileSync('docs/response-script.md', 'utf8');
const firstCells = (title: string): string[] => {
  const table = page.slice(page.indexOf(`| ${title} `)).split('\n\n')[0] ?? '';
  return [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, cell = '']) => cell).filter((cell) => !cell.endsWith('…'));
};

const written = (call: RuleCall, names: readonly string[]): string[] => {
  const letters = { none: '', count: ' N', wide: ' V' };
  return [...names.map((name) => `${name}${letters[argumentKind(call, name as never)]}`), 'xR V'];
};

test('docs/response-script.md lists the acts in the order of their codes, and the findings', () => {
  expect(firstCells('`continue …`')).toEqual(written('CONTINUE', CONTINUE_ACT_NAMES));
  expect(firstCells('`init …`')).toEqual(written('INIT', INIT_ACT_NAMES));
  expect(firstCells('finding')).toEqual(Object.keys(FINDINGS));
});

test('the script that it shows is one', () => {
  const [, text = ''] = /## As text\n\n```\n([^`]+)```/.exec(page) ?? [];
  expect(disassemble(assemble(text)).trimEnd().split('\n')).toEqual([
    'response script 1',
    'total 8192',
    'chunk 1000',
    'continue wait times 3',
    'continue piece 7 + x5 255',
    'init short 1',
  ]);
});

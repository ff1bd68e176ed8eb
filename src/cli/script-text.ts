import type { Mismatch, ScriptDifference, ScriptProblem, StatementResult } from '../script/index.ts';
import type { Paint } from './io/terminal.ts';

/** What a statement printed or came to. */
export const resultLines = ({ lines, outcome }: StatementResult, paint: Paint): string[] =>
  lines.map((line) => `      ${outcome === undefined ? line : paint.bold(line)}`);

export const mismatchLines = ({ expected, found }: Mismatch): string[] => [
  `  expected  ${expected}`,
  `  found     ${found}`,
];

/** A difference, with the call before it. */
export const differenceLines = ({ mismatch, result, call }: ScriptDifference): string[] => [
  `different at line ${mismatch.line}, column ${mismatch.column}: ${result.statement.brief}`,
  ...mismatchLines(mismatch),
  ...(call === undefined ? [] : [`  before    line ${call.statement.line}: ${call.statement.brief}`]),
  ...(call?.outcome === undefined ? [] : [`            came to ${call.outcome.text}`]),
];

/** `FILE:3:12: expected …` */
export const problemText = (file: string, { line, column, message }: ScriptProblem): string =>
  `${file}:${line}:${column}: ${message}`;

import type { Order } from './command.ts';
import type { PageRegister, SpecPage } from './describe.ts';

/** A part of a page: rows of cells under column names, or lines that have none. */
export interface PagePart {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const registersPart = (title: string, registers: readonly PageRegister[]): PagePart => ({
  title,
  heads: ['Register', 'Name', 'Type', 'Meaning'],
  rows: registers.map(({ register, name, type, doc }) => [register, name, type, doc]),
});

const linesPart = (title: string, lines: readonly string[]): PagePart => ({
  title,
  heads: [],
  rows: lines.map((line) => [line]),
});

/** `rd_bound, rd_state < realm_state` */
export const edgeText = ([left, right]: Order<string>[number]): string => `${left.join(', ')} < ${right.join(', ')}`;

const ruleText = (rules: readonly string[]): string => rules.join(' ');

const failuresPart = ({ failures }: SpecPage): PagePart => {
  const hasRules = failures.some(({ rules }) => rules.length > 0);
  return {
    title: 'Failure conditions, in the order in which they are checked',
    heads: ['Condition', 'Result', 'When', ...(hasRules ? ['Rules'] : [])],
    rows: failures.map(({ id, result, says, rules }) => [id, result, says, ...(hasRules ? [ruleText(rules)] : [])]),
  };
};

/** The parts of a page that have something to say. */
export const partsOf = (page: SpecPage): readonly PagePart[] =>
  [
    registersPart('Inputs', page.inputs),
    registersPart('Outputs', page.outputs),
    failuresPart(page),
    linesPart('Order that the specification fixes', page.order.map(edgeText)),
    linesPart(
      'Order of ours: without it a condition would read what has no meaning yet',
      page.wellFormed.map(edgeText),
    ),
    linesPart('Success conditions', page.success),
    linesPart('Footprint', page.footprint),
    linesPart('Rules', page.rules),
  ].filter(({ rows }) => rows.length > 0);

/** Cells in columns as wide as they need; the last one is not padded. */
export const columns = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(widest[i] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
};

import { hexNumber } from '../bytes/index.ts';
import type { Command, Order, Reg, Regs } from '../spec/index.ts';

interface PageRegister {
  /** `X1`, or `X1..X8` for a value in several registers. */
  readonly register: string;
  readonly name: string;
  readonly type: string;
  readonly doc: string;
}

/** The reference page of a command as plain data, all of it out of the command's own value. */
export interface SpecPage {
  readonly name: string;
  readonly fid: string;
  readonly spec: string;
  readonly summary: string;
  readonly inputs: readonly PageRegister[];
  readonly outputs: readonly PageRegister[];
  /** In the order in which they are checked. */
  readonly failures: readonly { readonly id: string; readonly result: string; readonly says: string }[];
  readonly order: Order<string>;
  /** Edges that the text leaves implicit. */
  readonly wellFormed: Order<string>;
  readonly success: readonly string[];
  readonly footprint: readonly string[];
}

const registersOf = (regs: Regs): PageRegister[] =>
  Object.entries(regs).map(([name, { first, type, doc }]: [string, Reg<unknown>]) => ({
    register: type.count === 1 ? `X${first}` : `X${first}..X${first + type.count - 1}`,
    name,
    type: type.kind,
    doc,
  }));

/** Stands for the state of a machine where only the kind of an answer is asked: any member of it is itself. */
const anyState: object = new Proxy({}, { get: () => anyState });

/** A return code as pages show it; an index that depends on the state is called by its meaning. */
const resultText = (post: unknown): string => {
  const answered = typeof post === 'function' ? post(anyState) : post;
  const result = typeof answered === 'object' && answered !== null && 'result' in answered ? answered.result : answered;
  if (typeof result !== 'object' || result === null || !('status' in result)) return String(result);
  const { status, index } = result as { readonly status: string; readonly index: unknown };
  if (typeof index !== 'number') return `${status}(level)`;
  return index === 0 ? status : `${status}(${index})`;
};

export const specPage = (command: Command): SpecPage => ({
  name: command.name,
  fid: hexNumber(command.fid),
  spec: command.spec,
  summary: command.summary,
  inputs: registersOf(command.inputs),
  outputs: registersOf(command.outputs),
  failures: Object.entries(command.failures).map(([id, { post, says }]) => ({ id, result: resultText(post), says })),
  order: command.order,
  wellFormed: command.wellFormed ?? [],
  success: Object.keys(command.success),
  footprint: Object.keys(command.footprint),
});

const edgeText = ([left, right]: Order<string>[number]): string => `${left.join(', ')} < ${right.join(', ')}`;

/** A part of a page: rows of cells under column names, or lines that have none. */
interface Part {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const registersPart = (title: string, registers: readonly PageRegister[]): Part => ({
  title,
  heads: ['Register', 'Name', 'Type', 'Meaning'],
  rows: registers.map(({ register, name, type, doc }) => [register, name, type, doc]),
});

const linesPart = (title: string, lines: readonly string[]): Part => ({
  title,
  heads: [],
  rows: lines.map((line) => [line]),
});

/** The parts that have something to say. */
const partsOf = (page: SpecPage): readonly Part[] =>
  [
    registersPart('Inputs', page.inputs),
    registersPart('Outputs', page.outputs),
    {
      title: 'Failure conditions, in the order in which they are checked',
      heads: ['Condition', 'Result', 'When'],
      rows: page.failures.map(({ id, result, says }) => [id, result, says]),
    },
    linesPart('Order that the specification fixes', page.order.map(edgeText)),
    linesPart('Order that the conditions need to have a meaning', page.wellFormed.map(edgeText)),
    linesPart('Success conditions', page.success),
    linesPart('Footprint', page.footprint),
  ].filter(({ rows }) => rows.length > 0);

/** Cells in columns as wide as they need; the last one is not padded. */
export const columns = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(widest[i] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  '),
  );
};

export const pageText = (page: SpecPage, heading: (text: string) => string): string =>
  [
    `${heading(page.name)}  ${page.fid}  ${page.spec}`,
    page.summary,
    ...partsOf(page).map(({ title, rows }) => [heading(title), ...columns(rows).map((line) => `  ${line}`)].join('\n')),
  ].join('\n\n');

const tableLine = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const partMarkdown = ({ title, heads, rows }: Part): string =>
  [
    `**${title}**\n`,
    ...(heads.length === 0
      ? rows.map(([line]) => `- \`${line}\``)
      : [tableLine(heads), tableLine(heads.map(() => '---')), ...rows.map(tableLine)]),
  ].join('\n');

export const pageMarkdown = (page: SpecPage): string =>
  [`## ${page.name}`, `\`${page.fid}\`, ${page.spec}. ${page.summary}`, ...partsOf(page).map(partMarkdown)].join(
    '\n\n',
  );

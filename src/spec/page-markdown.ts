import type { SpecPage } from './describe.ts';
import { orderDiagram } from './order-diagram.ts';
import { type PagePart, partsOf } from './page-parts.ts';

const tableLine = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** A table in Markdown, in columns as wide as they need, as formatters leave it. */
export const markdownTable = (heads: readonly string[], rows: readonly (readonly string[])[]): string => {
  const cells = [heads, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = heads.map((_, i) => Math.max(3, ...cells.map((row) => (row[i] ?? '').length)));
  const [first = [], ...rest] = cells.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)));
  return [first, widths.map((width) => '-'.repeat(width)), ...rest].map(tableLine).join('\n');
};

const partMarkdown = ({ title, heads, rows }: PagePart): string =>
  [
    `**${title}**\n`,
    heads.length === 0 ? rows.map(([line]) => `- \`${line}\``).join('\n') : markdownTable(heads, rows),
  ].join('\n');

/** A diagram as Markdown shows it. */
export const mermaidBlock = (diagram: string): string => `\`\`\`mermaid\n${diagram}\n\`\`\``;

/** A page in Markdown, with its order drawn where there is one. */
export const pageMarkdown = (page: SpecPage): string => {
  const diagram = orderDiagram(page);
  return [
    `## ${page.name}`,
    `\`${page.fid}\`, ${page.spec}. ${page.summary}`,
    ...partsOf(page).map(partMarkdown),
    ...(diagram === undefined ? [] : ['**The order, drawn** (dotted: ours)', mermaidBlock(diagram)]),
  ].join('\n\n');
};

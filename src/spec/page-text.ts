import type { SpecPage } from './describe.ts';
import { columns, partsOf } from './page-parts.ts';

/** A page for a terminal; `heading` styles names and titles. */
export const pageText = (page: SpecPage, heading: (text: string) => string = (text) => text): string =>
  [
    `${heading(page.name)}  ${page.fid}  ${page.spec}`,
    page.summary,
    ...partsOf(page).map(({ title, rows }) => [heading(title), ...columns(rows).map((line) => `  ${line}`)].join('\n')),
  ].join('\n\n');

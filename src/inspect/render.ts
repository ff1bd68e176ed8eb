import { toHex } from '../bytes/index.ts';
import type { Description, Shape } from './describe.ts';
import type { Node, Stop } from './node.ts';

/** One line of annotated diagnostic notation. */
export interface Line {
  /** Of the first byte that the line shows; undefined for a line that only closes. */
  readonly offset: number | undefined;
  readonly depth: number;
  /** Diagnostic notation without its indentation. */
  readonly text: string;
  readonly comment: string | undefined;
}

/** A comment may hold anything but what ends it. */
const commentOf = ({ name, meaning, problems }: Node): string | undefined => {
  const parts = [name, meaning, ...problems.map((problem) => `! ${problem}`)];
  const comment = parts.filter((part) => part !== undefined).join(': ');
  return comment === '' ? undefined : comment.replaceAll('/', '|');
};

const stopLine = ({ offset, reason }: Stop, depth: number): Line => ({
  offset,
  depth,
  text: '',
  comment: `! stopped: ${reason}`,
});

const linesOf = (node: Node, depth: number, last: boolean): readonly Line[] => {
  const { children, stoppedInside: stop } = node;
  const opening = `${node.key === undefined ? '' : `${node.key.text}: `}${node.text}`;
  const closing = `${node.close}${last ? '' : ','}`;
  const line = { offset: node.key?.start ?? node.start, depth, comment: commentOf(node) };
  if (children.length === 0 && stop === undefined) return [{ ...line, text: opening + closing }];
  return [
    { ...line, text: opening },
    ...children.flatMap((child, i) => linesOf(child, depth + 1, i === children.length - 1)),
    ...(stop === undefined ? [] : [stopLine(stop, depth + 1)]),
    ...(node.close === '' ? [] : [{ offset: undefined, depth, text: closing, comment: undefined }]),
  ];
};

const insideStops = (node: Node): readonly (Stop | undefined)[] => [
  node.stoppedInside,
  ...node.children.flatMap(insideStops),
];

/** The lines of a description, in the order of the bytes. */
export const lines = ({ root, stops }: Description): readonly Line[] => {
  const inside = new Set(root === undefined ? [] : insideStops(root));
  return [
    ...(root === undefined ? [] : linesOf(root, 0, true)),
    ...stops.filter((stop) => !inside.has(stop)).map((stop) => stopLine(stop, 0)),
  ];
};

export interface RenderOptions {
  /** Whether the bytes stand beside the notation. */
  readonly hex?: boolean;
}

const INDENT = '  ';
const HEX_COLUMN_BYTES = 16;
const MIN_OFFSET_WIDTH = 4;

const SHAPES = {
  cca: 'CCA token',
  platform: 'platform token',
  realm: 'Realm token',
  claims: 'claims without a signature',
  cose: 'COSE message with no known claims',
  cbor: 'CBOR, but no token',
  nothing: 'not CBOR',
} as const satisfies Record<Shape, string>;

const heading = ({ shape, size, dialect, also, why, differences }: Description): readonly string[] => {
  const others = also.length === 0 ? '' : ` (or ${also.join(', ')})`;
  const about = [
    `dialect: ${dialect ?? 'none that is known'}${others}`,
    ...why.map((line) => `  as it has  ${line}`),
    ...differences.map((line) => `  but has    ${line}`),
    'nothing here is verified',
  ];
  const told = [`${SHAPES[shape]}, ${size} bytes`, ...(shape === 'cbor' || shape === 'nothing' ? [] : about)];
  return told.map((line) => `/ ${line.replaceAll('/', '|')} /`);
};

/** The bytes from one offset to the next, in rows. */
const hexRows = (bytes: Uint8Array): readonly string[] => {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += HEX_COLUMN_BYTES) {
    rows.push(toHex(bytes.subarray(at, at + HEX_COLUMN_BYTES)).replace(/(..)(?=.)/g, '$1 '));
  }
  return rows.length === 0 ? [''] : rows;
};

/** The description as text: what it is, then each item with its offset. The whole is diagnostic notation (RFC 8949 8) once offsets are cut. */
export const renderText = (description: Description, { hex = false }: RenderOptions = {}): string => {
  const all = lines(description);
  const offsetWidth = Math.max(MIN_OFFSET_WIDTH, description.size.toString(16).length);
  const offsets = all.flatMap(({ offset }) => (offset === undefined ? [] : [offset]));
  let nth = 0;
  const body = all.flatMap(({ offset, depth, text, comment }) => {
    const shown = [text, comment === undefined ? '' : `/ ${comment} /`].filter((part) => part !== '').join('  ');
    const notation = `${INDENT.repeat(depth)}${shown}`;
    const column = offset === undefined ? ''.padEnd(offsetWidth) : offset.toString(16).padStart(offsetWidth, '0');
    if (!hex) return [`${column}  ${notation}`];
    if (offset === undefined) return [`${column}  ${''.padEnd(3 * HEX_COLUMN_BYTES)}${notation}`];
    nth += 1;
    const [first = '', ...rest] = hexRows(description.bytes.subarray(offset, offsets[nth] ?? description.size));
    return [
      `${column}  ${first.padEnd(3 * HEX_COLUMN_BYTES)}${notation}`,
      ...rest.map((row) => `${''.padEnd(offsetWidth)}  ${row}`),
    ];
  });
  return `${[...heading(description), ...body].join('\n')}\n`;
};

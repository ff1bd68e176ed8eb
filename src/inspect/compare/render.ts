import type { Difference, Side, TokenDiff } from './difference.ts';

/** Longer notation is cut in its middle: what differs is told beside it. */
const MAX_TEXT = 260;
const KEPT = 120;

const cut = (text: string): string =>
  text.length <= MAX_TEXT ? text : `${text.slice(0, KEPT)} … ${text.slice(text.length - KEPT)}`;

const sideText = (name: string, side: Side | undefined): string => {
  if (side === undefined) return `  ${name}  nothing`;
  const { offset, text, meaning } = side;
  const about = meaning === undefined ? '' : `  / ${meaning.replaceAll('/', '|')} /`;
  return `  ${name}  ${offset.toString(16).padStart(4, '0')}  ${cut(text)}${about}`;
};

const differenceLines = ({ place, names, what, a, b }: Difference): readonly string[] => [
  `${place}: ${names.length === 0 ? '' : `${names.join(' > ')}: `}${what}`,
  sideText('A', a),
  sideText('B', b),
];

/** The differences as text, with offsets in hexadecimal, as `renderText` has them. */
export const renderDiff = ({ same, sameValues, differences, remarks }: TokenDiff): string => {
  if (same) return 'the same bytes\n';
  const counted = `${differences.length} difference${differences.length === 1 ? '' : 's'}`;
  const lines = [
    ...differences.flatMap(differenceLines),
    ...remarks.map(({ place, says }) => `${place}: ${says}`),
    `${counted}${sameValues ? ', in encoding alone: both say the same' : ''}; nothing here is verified`,
  ];
  return `${lines.join('\n')}\n`;
};

const sideJson = (side: Side | undefined) => (side === undefined ? null : { ...side, meaning: side.meaning ?? null });

/** The same as plain JSON. */
export const diffToJson = ({ same, sameValues, differences, remarks }: TokenDiff) => ({
  same,
  sameValues,
  differences: differences.map(({ a, b, ...rest }) => ({ ...rest, a: sideJson(a), b: sideJson(b) })),
  remarks,
});

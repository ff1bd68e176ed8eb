import type { Order } from './command.ts';
import type { SpecPage } from './describe.ts';

const ARROW = { published: '-->', ours: '-.->' } as const;

/** The lines of one edge. Where both sides are groups they meet in a point, so that the lines do not cross. */
const edgeLines = ([left, right]: Order<string>[number], arrow: string, point: string): string[] => {
  if (left.length === 1 || right.length === 1) return left.flatMap((l) => right.map((r) => `  ${l} ${arrow} ${r}`));
  return [
    `  ${point}(( ))`,
    ...left.map((l) => `  ${l} ${arrow} ${point}`),
    ...right.map((r) => `  ${point} ${arrow} ${r}`),
  ];
};

/**
 * The partial order of a command's failure conditions as a Mermaid graph: published edges are solid, edges of ours dotted.
 *
 * @returns undefined when nothing is ordered.
 */
export const orderDiagram = ({ order, wellFormed }: Pick<SpecPage, 'order' | 'wellFormed'>): string | undefined => {
  if (order.length === 0 && wellFormed.length === 0) return undefined;
  return [
    'flowchart LR',
    ...order.flatMap((edge, i) => edgeLines(edge, ARROW.published, `p${i}`)),
    ...wellFormed.flatMap((edge, i) => edgeLines(edge, ARROW.ours, `o${i}`)),
  ].join('\n');
};

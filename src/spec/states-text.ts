import { mermaidBlock } from './page-markdown.ts';
import { columns } from './page-parts.ts';
import type { StateMachine } from './state-machine.ts';

type AnyMachine = StateMachine<string, string>;

const edgesOf = ({ edges }: AnyMachine): string[][] =>
  Object.entries(edges).flatMap(([from, out]) => Object.entries(out).map(([on, to]) => [from, '->', String(to), on]));

/** The edges of a state machine for a terminal. */
export const statesText = (machine: AnyMachine, heading: (text: string) => string = (text) => text): string =>
  [`${heading(machine.name)}  ${machine.spec}`, ...columns(edgesOf(machine)).map((line) => `  ${line}`)].join('\n');

/** A state machine as a section in Markdown, drawn. */
export const statesMarkdown = (machine: AnyMachine): string =>
  [`## ${machine.name}`, machine.spec, mermaidBlock(machine.mermaid())].join('\n\n');

import {
  type ClientEnd,
  disassemble,
  type ExplainedCall,
  explainCalls,
  type ResponseScript,
} from '../../response/index.ts';
import type { Paint } from '../io/terminal.ts';
import type { Shown } from './conversation.ts';

/** Calls that are alike are shown once, and counted. */
const MOST_LINES = 200;

const callText = ({ command, args, status, x1 }: ExplainedCall): string =>
  `${command}${args === '' ? '' : ` ${args}`} => ${status}, X1 ${x1}`;

const isLike = (a: ExplainedCall, b: ExplainedCall): boolean =>
  callText(a) === callText(b) && a.rule === b.rule && a.says === b.says;

const runsOf = (calls: readonly ExplainedCall[]): { readonly call: ExplainedCall; count: number }[] => {
  const runs: { readonly call: ExplainedCall; count: number }[] = [];
  for (const call of calls) {
    const last = runs.at(-1);
    if (last !== undefined && isLike(last.call, call)) last.count += 1;
    else runs.push({ call, count: 1 });
  }
  return runs;
};

const endText = (end: ClientEnd): string => {
  switch (end.kind) {
    case 'token':
      return `the client has a token of ${end.token.length} bytes`;
    case 'gave-up':
      return `the client gives up: ${end.says}`;
    case 'endless':
      return 'the client is still calling';
    case 'crashed':
      return `the client crashed: ${end.says}`;
  }
};

/** A script and a conversation, for people. */
export const shownLines = (script: ResponseScript, { calls, end, finding }: Shown, paint: Paint): readonly string[] => {
  const explained = explainCalls(calls);
  const runs = runsOf(explained);
  const colours = { sound: paint.dim, host: paint.yellow, rmm: paint.red };
  const departures = explained.filter(({ model }) => model === 'rmm').length;
  const hosts = explained.filter(({ model }) => model === 'host').length;
  return [
    disassemble(script).trimEnd(),
    '',
    ...runs
      .slice(0, MOST_LINES)
      .flatMap(({ call, count }) => [
        `${`${call.nth}`.padStart(4)}  ${callText(call)}${count === 1 ? '' : paint.dim(`  (${count} times)`)}`,
        ...(call.rule === undefined ? [] : [`      rule   ${call.rule}`]),
        `      ${colours[call.model](`${call.model.padEnd(6)} ${call.says}`)}`,
      ]),
    ...(runs.length > MOST_LINES ? [`      … and ${runs.length - MOST_LINES} more`] : []),
    '',
    departures > 0
      ? `fault model rmm: ${departures} of ${calls.length} answers take a broken or hostile RMM; a client that crashes has a robustness bug`
      : `fault model host: no answer takes a broken RMM, ${hosts} take a hostile Host; a client that crashes has a security bug`,
    ...(end === undefined ? [] : [endText(end)]),
    ...(finding === undefined ? [] : [paint.red(`${finding.finding} (${finding.model}): ${finding.says}`)]),
  ];
};

/** The same for programs. */
export const shownJson = (script: ResponseScript, { calls, end, finding }: Shown) => {
  const explained = explainCalls(calls);
  return {
    script: disassemble(script).trimEnd().split('\n'),
    model: explained.some(({ model }) => model === 'rmm') ? 'rmm' : 'host',
    calls: explained,
    ...(end === undefined ? {} : { end: { kind: end.kind, says: endText(end) } }),
    ...(finding === undefined ? {} : { finding }),
  };
};

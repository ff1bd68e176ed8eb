import { RmiRealmParams, RmiRecEnter } from '../abi/index.ts';
import type { Act, Argument, Expression, Field } from './ast.ts';
import { type Cursor, meant, unknown } from './cursor.ts';
import { parseBraces, parseExpression, parseField, parseMember, refuseTwice, refuseUnknown } from './expression.ts';
import { clip } from './lexer.ts';
import { parseNewName, registerNumber } from './patterns.ts';
import { syntax } from './problem.ts';
import { ENTERED_MEMBERS, EXIT_MEMBERS, leaving, type Parsed } from './statement-kind.ts';
import { FAMILY_PREFIX, type Family } from './vocabulary.ts';

const inputsOf = (act: Extract<Act, { act: 'call' }>): string[] => Object.keys(act.command.inputs);

const parseArgument = (cursor: Cursor, command: Extract<Act, { act: 'call' }>['command']): Argument => {
  const isNamed = cursor.here.kind === 'word' && cursor.ahead.kind === 'mark' && cursor.ahead.text === '=';
  if (!isNamed) return { name: undefined, value: parseExpression(cursor) };
  const name = parseMember(cursor, 'an input');
  const number = registerNumber(name.name);
  if (number === undefined) refuseUnknown(name, command.name, Object.keys(command.inputs));
  else if (number === 0) throw unknown(name, 'x0 holds the function: smc takes any');
  cursor.want('=');
  return { name, value: parseExpression(cursor) };
};

/** Every input is given once: by its place, by its name, or by its register. */
const checkArguments = (cursor: Cursor, act: Extract<Act, { act: 'call' }>): void => {
  const inputs = inputsOf(act);
  const given = new Set<string>();
  let position = 0;
  for (const { name, value } of act.args) {
    const input = name === undefined ? inputs[position++] : name.name;
    if (input === undefined) {
      const takes = inputs.length === 0 ? 'no arguments' : inputs.join(', ');
      throw syntax(value, `${act.command.name} takes ${takes}`);
    }
    if (given.has(input)) throw unknown(name ?? value, `${input} is given twice`);
    given.add(input);
  }
  const byRegister = (input: string): boolean => {
    const { first } = act.command.inputs[input] ?? { first: 0 };
    return given.has(`x${first}`);
  };
  const missing = inputs.find((input) => !given.has(input) && !byRegister(input));
  if (missing !== undefined) {
    throw cursor.expected(`${missing} (${act.command.name} takes ${inputs.join(', ')})`);
  }
};

export const call =
  (family: Family) =>
  (cursor: Cursor): Parsed => {
    const commands = cursor.scope.vocabulary.commands[family];
    const names = [...commands.keys()];
    const { text } = cursor.here;
    const what = `a command of ${family.toUpperCase()}, such as ${names[1] ?? names[0]}`;
    const token = cursor.wantWord(what);
    const bare = text.toUpperCase().replace(new RegExp(`^${FAMILY_PREFIX[family]}`), '');
    const command = commands.get(bare);
    if (command === undefined) {
      throw unknown(token, `${family.toUpperCase()} has no command ${clip(text)}${meant(bare, names)}`);
    }
    const args: Argument[] = [];
    while (!cursor.isOver) {
      args.push(parseArgument(cursor, command));
      cursor.take(',');
    }
    const act = { act: 'call' as const, family, command, args };
    checkArguments(cursor, act);
    const leaves = family !== 'rmi' || command.name === 'RMI_REC_ENTER';
    const members = [...Object.keys(command.outputs), ...(leaves ? [...EXIT_MEMBERS, ...ENTERED_MEMBERS] : [])];
    return { act, results: { what: command.name, members, conditions: Object.keys(command.failures), whole: false } };
  };

export const smc = (cursor: Cursor): Parsed => {
  if (!cursor.isWord('host', 'realm')) throw cursor.expected('host or realm: who executes the SMC');
  const caller = cursor.next().text as 'host' | 'realm';
  const x: Expression[] = [];
  while (!cursor.isOver) {
    if (x.length === 31) throw cursor.expected('at most 31 registers');
    x.push(parseExpression(cursor));
    cursor.take(',');
  }
  return { act: { act: 'smc', caller, x }, results: leaving('an SMC') };
};

export const structureFields = (
  cursor: Cursor,
  layout: { readonly name: string; readonly members: object },
): Field[] => {
  const known = Object.keys(layout.members);
  const fields = parseBraces(cursor, () =>
    parseField(cursor, `a member of ${layout.name}`, (m) => refuseUnknown(m, layout.name, known)),
  );
  refuseTwice(fields);
  return fields;
};

export const enter = (cursor: Cursor): Parsed => {
  const rec = parseExpression(cursor);
  const run = cursor.takeWord('run') ? parseExpression(cursor) : undefined;
  const fields = cursor.is('{') ? structureFields(cursor, RmiRecEnter) : [];
  const { failures } = cursor.scope.vocabulary.commands.rmi.get('REC_ENTER') ?? { failures: {} };
  const results = {
    what: 'enter',
    members: [...EXIT_MEMBERS, ...ENTERED_MEMBERS],
    conditions: Object.keys(failures),
    whole: false,
  };
  return { act: { act: 'enter', rec, run, fields }, results };
};

/** What `realm` takes besides the members of RmiRealmParams. */
const REALM_EXTRAS = ['recs', 'pages', 'state'] as const;
export const REALM_FIELDS: readonly string[] = [...Object.keys(RmiRealmParams.members), ...REALM_EXTRAS];

export const realm = (cursor: Cursor): Parsed => {
  const name = parseNewName(cursor);
  const fields = cursor.is('{')
    ? parseBraces(cursor, () => parseField(cursor, 'a setting', (m) => refuseUnknown(m, 'realm', REALM_FIELDS), 'any'))
    : [];
  refuseTwice(fields);
  return { act: { act: 'realm', name, fields } };
};

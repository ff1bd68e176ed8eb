import type { Statement } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { type Token, textOf } from './lexer.ts';
import { call, enter, realm, smc } from './parse-calls.ts';
import { expect, show } from './parse-looking.ts';
import { fetch, read, write } from './parse-memory.ts';
import { personality, raw, seed, setting, switches } from './parse-settings.ts';
import { devices, interrupt, wait } from './parse-world.ts';
import { parseNewName, parseTail } from './patterns.ts';
import { leaving, type Parsed, type StatementKind } from './statement-kind.ts';

const FOR_SYNTAX = 'for NAME in FIRST..LAST STATEMENT';

const loop = (cursor: Cursor): Parsed => {
  const { line, column } = cursor.here;
  const name = parseNewName(cursor);
  if (!cursor.takeWord('in')) throw cursor.expected(`in: ${FOR_SYNTAX}`);
  const from = parseExpression(cursor);
  cursor.want('..', '.. and the last number');
  const to = parseExpression(cursor);
  cursor.scope.learn(name);
  if (cursor.isWord('for', 'config', 'help', 'personality')) throw cursor.expected('a statement that can be repeated');
  const { text, line: bodyLine, column: bodyColumn } = cursor.here;
  const body = parseBody(cursor);
  return {
    act: {
      act: 'for',
      name,
      from,
      to,
      body: { ...body, text, brief: text, line: bodyLine || line, column: bodyColumn || column },
    },
  };
};

/** Every kind of statement, by the word that it begins with. */
export const STATEMENTS = {
  machine: {
    group: 'Settings',
    syntax: 'machine MEMBER=VALUE …',
    says: 'the silicon, by the members of a machine profile, such as `machine s2sz=40 lpa2=false dram=[0x80000000, 1GiB]`',
    parse: setting('machine'),
  },
  impdef: {
    group: 'Settings',
    syntax: 'impdef MEMBER=VALUE …',
    says: 'what the specification leaves to an implementation, or implementations read differently, one switch at a time',
    parse: setting('impdef'),
  },
  personality: {
    group: 'Settings',
    syntax: 'personality NAME …',
    says:
      'whose RMM answers: `spec`, `tf-rmm`, `islet`, or the identifier of a switch, which is `spec` with that one on; ' +
      'with several names the script runs once under each',
    parse: personality,
  },
  switch: {
    group: 'Settings',
    syntax: 'switch ID … | -ID …',
    says: 'turns single differences of implementations on, or off with a minus, on top of the personality',
    parse: switches,
  },
  seed: { group: 'Settings', syntax: 'seed TEXT', says: 'the chip: the same seed gives the same bytes', parse: seed },
  config: {
    group: 'Settings',
    syntax: 'config JSON',
    says: 'the whole machine, as `machine.start` of a trace has it; a trace that is written as a script begins with it',
    parse: (cursor) => ({ act: { act: 'config', json: raw(cursor) } }),
  },
  for: {
    group: 'Values',
    syntax: FOR_SYNTAX,
    says: 'does one statement again and again, `$NAME` counting up: `for i in 0..15 rmi GRANULE_DELEGATE $aux + $i * 4KiB`',
    parse: loop,
  },
  let: {
    group: 'Values',
    syntax: 'let NAME = VALUE',
    says: 'gives a value a name; it is used as `$NAME`',
    parse: (cursor) => {
      const name = parseNewName(cursor);
      cursor.want('=', `= after ${name}`);
      return { act: { act: 'let', name, value: parseExpression(cursor) } };
    },
  },
  pe: {
    group: 'Values',
    syntax: 'pe NUMBER',
    says: 'the PE on which the statements after it act; 0 at the beginning',
    parse: (cursor) => ({ act: { act: 'pe', pe: parseExpression(cursor) } }),
  },
  realm: {
    group: 'The Host',
    syntax: 'realm NAME { MEMBER=VALUE … }',
    says:
      'builds a Realm by RMI calls: members of RmiRealmParams, `recs=1`, `pages=1` (DATA granules from IPA 0 on), ' +
      '`state=ACTIVE` or NEW; gives `$NAME.rd`, `$NAME.rtt0` (the table of each level), `$NAME.rec0`, `$NAME.run0`, ' +
      '`$NAME.data0`, …',
    parse: realm,
  },
  rmi: {
    group: 'The Host',
    syntax: 'rmi COMMAND ARGUMENT …',
    says: 'calls the RMM; arguments by their place, as `level=3`, or as `x7=1` for registers that no input has',
    parse: call('rmi'),
  },
  enter: {
    group: 'The Host',
    syntax: 'enter REC [run PAGE] [{ MEMBER=VALUE … }]',
    says: 'writes RmiRecEnter and calls RMI_REC_ENTER; from here on the Realm acts on this PE, until it exits',
    parse: enter,
  },
  write: {
    group: 'The Host',
    syntax: 'write SHAPE at ADDRESS { MEMBER=VALUE … } | = VALUE',
    says: 'the Host writes a whole structure, a number or bytes; what is not named is zero',
    parse: write('host', false),
  },
  patch: {
    group: 'The Host',
    syntax: 'patch STRUCTURE at ADDRESS { MEMBER=VALUE … }',
    says: 'the Host writes only the members that are named',
    parse: write('host', true),
  },
  read: {
    group: 'The Host',
    syntax: 'read SHAPE at ADDRESS',
    says: 'the Host reads memory',
    parse: read('host'),
  },
  smc: {
    group: 'The Host',
    syntax: 'smc host|realm X0 X1 …',
    says: 'an SMC by its registers, whatever they hold',
    parse: smc,
  },
  rsi: { group: 'The Realm', syntax: 'rsi COMMAND ARGUMENT …', says: 'the Realm calls the RMM', parse: call('rsi') },
  psci: { group: 'The Realm', syntax: 'psci COMMAND ARGUMENT …', says: 'the Realm calls PSCI', parse: call('psci') },
  load: {
    group: 'The Realm',
    syntax: 'load SHAPE at IPA [into REGISTER [signed]]',
    says: 'the Realm reads memory; `into w3` names the register of an instruction that the Host can emulate',
    parse: read('realm'),
  },
  store: {
    group: 'The Realm',
    syntax: 'store SHAPE at IPA { MEMBER=VALUE … } | = VALUE [from REGISTER]',
    says: 'the Realm writes memory',
    parse: write('realm', false),
  },
  fetch: {
    group: 'The Realm',
    syntax: 'fetch [bytes[LENGTH]] at IPA',
    says: 'the Realm fetches an instruction, 4 bytes unless told otherwise',
    parse: fetch,
  },
  wfi: {
    group: 'The Realm',
    syntax: 'wfi [TIMEOUT]',
    says: 'the Realm waits for an interrupt; with a timeout it is WFIT',
    parse: wait('wfi'),
  },
  wfe: {
    group: 'The Realm',
    syntax: 'wfe [TIMEOUT]',
    says: 'the Realm waits for an event; with a timeout it is WFET',
    parse: wait('wfe'),
  },
  hvc: {
    group: 'The Realm',
    syntax: 'hvc IMMEDIATE',
    says: 'the Realm executes HVC',
    parse: (cursor) => ({ act: { act: 'hvc', imm: parseExpression(cursor) }, results: leaving('an HVC') }),
  },
  interrupt: {
    group: 'The world around',
    syntax: 'interrupt IRQ|FIQ|SERROR [{ polls=N esr=VALUE }]',
    says: 'an interrupt becomes pending on the PE; with `polls` only a long-running command sees it, at its Nth look',
    parse: interrupt,
  },
  devices: {
    group: 'The world around',
    syntax: 'devices REC { MEMBER=VALUE … }',
    says: 'what interrupt controller, timers and PMU of a REC show at its exits from now on',
    parse: devices,
  },
  expect: {
    group: 'Looking and expecting',
    syntax: 'expect OBJECT { MEMBER=VALUE … } | exit REASON { … } | x0=VALUE | VALUE = VALUE',
    says: 'a difference, unless it holds; objects are those of `show`',
    parse: expect,
  },
  show: {
    group: 'Looking and expecting',
    syntax: 'show granule PA | realm RD | rec REC | rtt RD [at IPA [level N]] | exit | machine | names',
    says: 'prints an object of the machine; `-> MEMBER=NAME` keeps a member of it',
    parse: show,
  },
  help: {
    group: 'Looking and expecting',
    syntax: 'help [COMMAND|STATEMENT]',
    says: 'prints the reference page of a command, or how a statement is written',
    parse: (cursor) => ({ act: { act: 'help', topic: raw(cursor) } }),
  },
} as const satisfies Readonly<Record<string, StatementKind>>;

export type StatementWord = keyof typeof STATEMENTS;
export const STATEMENT_WORDS = Object.keys(STATEMENTS) as readonly StatementWord[];

const isStatementWord = (text: string): text is StatementWord => Object.hasOwn(STATEMENTS, text);

/** A statement without the text that it was written as. */
const parseBody = (cursor: Cursor): Pick<Statement, 'act' | 'expectations' | 'bindings'> => {
  const { text, kind: first } = cursor.here;
  if (first !== 'word' || !isStatementWord(text)) {
    throw cursor.expected('a statement, such as rmi, write, enter or expect', STATEMENT_WORDS);
  }
  cursor.next();
  const kind: StatementKind = STATEMENTS[text];
  const { act, results } = kind.parse(cursor);
  const tail = results === undefined ? { expectations: [], bindings: [] } : parseTail(cursor, results);
  if (cursor.here.kind !== 'end') {
    throw cursor.expected(results === undefined ? 'the end of the line' : '=>, -> or the end of the line');
  }
  return { act, ...tail };
};

const isTail = ({ kind, text }: Token): boolean => kind === 'mark' && (text === '=>' || text === '->');

/** Reads one statement out of its tokens, at which the cursor stands. @throws {ScriptError} SYNTAX or NAME. */
export const parseStatement = (cursor: Cursor, tokens: readonly Token[]): Statement => {
  const { line, column } = cursor.here;
  const tail = tokens.findIndex(isTail);
  const brief = textOf(tail < 0 ? tokens : tokens.slice(0, tail));
  return { ...parseBody(cursor), text: textOf(tokens), brief, line, column };
};

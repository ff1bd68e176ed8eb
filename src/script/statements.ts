import { RmiRealmParams, RmiRecEnter, RmiRecExit } from '../abi/index.ts';
import { fromUtf8 } from '../bytes/index.ts';
import type { Act, Argument, Expression, Field, Member, Setting, Shape, Statement, Subject, Transfer } from './ast.ts';
import { type Cursor, meant, unknown } from './cursor.ts';
import {
  parseBraces,
  parseComparison,
  parseExpression,
  parseField,
  parseMember,
  refuseTwice,
  refuseUnknown,
} from './expression.ts';
import { clip, type Token, textOf } from './lexer.ts';
import { OBJECT_MEMBERS } from './objects.ts';
import {
  parseCheck,
  parseNewName,
  parsePersonality,
  parseReason,
  parseTail,
  parseUnder,
  type Results,
  registerNumber,
} from './patterns.ts';
import { syntax } from './problem.ts';
import { parseShape } from './shape.ts';
import { FAMILY_PREFIX, type Family } from './vocabulary.ts';

/** What a statement's own part says, and what its results are called. Without results nothing may follow it. */
interface Parsed {
  readonly act: Act;
  readonly results?: Results;
}

/** One kind of statement, as the page of the grammar and `help` show it. */
export interface StatementKind {
  readonly syntax: string;
  readonly says: string;
  readonly group: 'Settings' | 'Values' | 'The Host' | 'The Realm' | 'The world around' | 'Looking and expecting';
  readonly parse: (cursor: Cursor) => Parsed;
}

const EXIT_MEMBERS = Object.keys(RmiRecExit.members);
const ENTERED_MEMBERS = ['pc', 'exception'];
const NO_CONDITIONS: readonly string[] = [];

const leaving = (what: string): Results => ({ what, members: EXIT_MEMBERS, conditions: NO_CONDITIONS, whole: false });

// Settings.

const setting =
  (of: Setting) =>
  (cursor: Cursor): Parsed => {
    const fields: Field[] = [];
    const known = cursor.scope.settings[of];
    do {
      fields.push(parseField(cursor, `a setting of ${of}`, (m) => refuseUnknown(m, of, known), 'any'));
      cursor.take(',');
    } while (cursor.here.kind === 'word');
    refuseTwice(fields);
    return { act: { act: 'setting', of, fields } };
  };

const seed = (cursor: Cursor): Parsed => {
  if (!['word', 'number', 'bytes'].includes(cursor.here.kind)) throw cursor.expected('a seed: a word, or "any text"');
  const { text, bytes } = cursor.next();
  return { act: { act: 'seed', seed: (bytes && fromUtf8(bytes)) ?? text } };
};

const personality = (cursor: Cursor): Parsed => {
  const names: string[] = [];
  do {
    names.push(parsePersonality(cursor));
    cursor.take(',');
  } while (cursor.here.kind === 'word');
  return { act: { act: 'personality', names } };
};

const switches = (cursor: Cursor): Parsed => {
  const changes: string[] = [];
  do {
    const sign = cursor.take('-') ? '-' : '';
    const { switches: known } = cursor.scope;
    if (cursor.here.kind !== 'word' || !known.includes(cursor.here.text)) {
      throw cursor.expected('a switch, such as D2, or -D2 to turn it off', known);
    }
    changes.push(sign + cursor.next().text);
    cursor.take(',');
  } while (cursor.here.kind === 'word' || cursor.is('-'));
  return { act: { act: 'switch', changes } };
};

const raw = (cursor: Cursor): string => (cursor.here.kind === 'raw' ? cursor.next().text : '');

// Calls.

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

const call =
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

const smc = (cursor: Cursor): Parsed => {
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

const structureFields = (cursor: Cursor, layout: { readonly name: string; readonly members: object }): Field[] => {
  const known = Object.keys(layout.members);
  const fields = parseBraces(cursor, () =>
    parseField(cursor, `a member of ${layout.name}`, (m) => refuseUnknown(m, layout.name, known)),
  );
  refuseTwice(fields);
  return fields;
};

const enter = (cursor: Cursor): Parsed => {
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

const realm = (cursor: Cursor): Parsed => {
  const name = parseNewName(cursor);
  const fields = cursor.is('{')
    ? parseBraces(cursor, () => parseField(cursor, 'a setting', (m) => refuseUnknown(m, 'realm', REALM_FIELDS), 'any'))
    : [];
  refuseTwice(fields);
  return { act: { act: 'realm', name, fields } };
};

// Memory.

const transferOf = (cursor: Cursor, word: 'into' | 'from'): Transfer | undefined => {
  if (!cursor.takeWord(word)) return undefined;
  const token = cursor.wantWord('a register: x0 to x30, w0 to w30, r0 to r30, xzr or wzr');
  const [, width, number] = /^([xwr])(zr|[0-9]|[12][0-9]|30)$/.exec(token.text) ?? [];
  if (width === undefined || number === undefined) {
    throw syntax(token, `expected a register: x0 to x30, w0 to w30, r0 to r30, xzr or wzr, found ${clip(token.text)}`);
  }
  const signExtend = cursor.takeWord('signed') ? true : cursor.takeWord('unsigned') ? false : undefined;
  return {
    srt: number === 'zr' ? 31 : Number(number),
    sf: width === 'r' ? undefined : width === 'x',
    signExtend,
  };
};

const resultsOfReading = (shape: Shape, by: 'host' | 'realm'): Results => {
  const members = shape.kind === 'structure' ? Object.keys(shape.layout.members) : [];
  const own = shape.kind === 'structure' ? shape.layout.name : 'what is read';
  return {
    what: own,
    members: by === 'realm' ? [...members, ...EXIT_MEMBERS] : members,
    conditions: NO_CONDITIONS,
    whole: shape.kind !== 'structure',
  };
};

const read =
  (by: 'host' | 'realm') =>
  (cursor: Cursor): Parsed => {
    const shape = parseShape(cursor);
    if (shape.kind === 'bytes' && shape.length === undefined)
      throw cursor.expected('[ and how many bytes, as bytes[16]');
    if (!cursor.takeWord('at')) throw cursor.expected('at and an address');
    const address = parseExpression(cursor);
    const transfer = by === 'realm' ? transferOf(cursor, 'into') : undefined;
    return { act: { act: 'read', by, shape, address, transfer }, results: resultsOfReading(shape, by) };
  };

const write =
  (by: 'host' | 'realm', keeps: boolean) =>
  (cursor: Cursor): Parsed => {
    const shape = parseShape(cursor);
    if (shape.kind === 'bytes' && shape.length !== undefined) {
      throw syntax(shape.length, 'bytes that are written have the length that they have: bytes at $p = hex"…"');
    }
    if (keeps && shape.kind !== 'structure') throw cursor.expected('a structure, some of whose members change');
    if (!cursor.takeWord('at')) throw cursor.expected('at and an address');
    const address = parseExpression(cursor);
    let value: Expression | readonly Field[];
    if (shape.kind === 'structure') value = structureFields(cursor, shape.layout);
    else {
      cursor.want('=', '= and a value');
      value = parseExpression(cursor);
    }
    const transfer = by === 'realm' ? transferOf(cursor, 'from') : undefined;
    return { act: { act: 'write', by, shape, address, value, keeps, transfer }, results: leaving('a write') };
  };

const fetch = (cursor: Cursor): Parsed => {
  let length: Expression | undefined;
  if (cursor.takeWord('bytes')) {
    cursor.want('[', '[ and how many bytes');
    length = parseExpression(cursor);
    cursor.want(']', 'a closing ]');
  }
  if (!cursor.takeWord('at')) throw cursor.expected('at and an address');
  return { act: { act: 'fetch', address: parseExpression(cursor), length }, results: leaving('a fetch') };
};

// The world around.

const interrupt = (cursor: Cursor): Parsed => {
  if (!cursor.isWord('IRQ', 'FIQ', 'SERROR')) throw cursor.expected('IRQ, FIQ or SERROR');
  const kind = cursor.next().text as 'IRQ' | 'FIQ' | 'SERROR';
  const known = ['polls', 'esr'];
  const fields = cursor.is('{')
    ? parseBraces(cursor, () => parseField(cursor, 'polls or esr', (m) => refuseUnknown(m, 'an interrupt', known)))
    : [];
  refuseTwice(fields);
  return { act: { act: 'interrupt', kind, fields }, results: leaving('an interrupt') };
};

/** The members of RmiRecExit that come from devices. */
const DEVICE_MEMBERS = EXIT_MEMBERS.filter((name) => /^(gicv3|cnt|pmu)/.test(name));

const devices = (cursor: Cursor): Parsed => {
  const rec = parseExpression(cursor);
  const fields = parseBraces(cursor, () =>
    parseField(cursor, 'a member of RmiRecExit that devices give', (m) => refuseUnknown(m, 'devices', DEVICE_MEMBERS)),
  );
  refuseTwice(fields);
  return { act: { act: 'devices', rec, fields } };
};

// Looking and expecting.

const SUBJECTS = ['granule', 'realm', 'rec', 'rtt', 'exit', 'machine', 'names'] as const;

const parseSubject = (cursor: Cursor): Subject => {
  const place = { line: cursor.here.line, column: cursor.here.column };
  const kind = SUBJECTS.find((each) => cursor.isWord(each));
  if (kind === undefined) throw cursor.expected(`one of ${SUBJECTS.join(', ')}`, SUBJECTS);
  cursor.next();
  if (kind === 'exit' || kind === 'machine' || kind === 'names') return { kind, ...place };
  const address = parseExpression(cursor);
  if (kind !== 'rtt') return { kind, address, ...place };
  const ipa = cursor.takeWord('at') ? parseExpression(cursor) : undefined;
  const level = ipa !== undefined && cursor.takeWord('level') ? parseExpression(cursor) : undefined;
  return { kind, rd: address, ipa, level, ...place };
};

const isRegister = ({ name, index }: Member): boolean =>
  index === undefined && (registerNumber(name) !== undefined || name === 'pc');

const expect = (cursor: Cursor): Parsed => {
  const { here, ahead } = cursor;
  const register = { name: here.text, index: undefined, line: here.line, column: here.column };
  if (here.kind === 'word' && isRegister(register) && ahead.kind === 'mark') {
    cursor.next();
    const compare = parseComparison(cursor);
    const value = parseExpression(cursor);
    return { act: { act: 'expect-register', check: { member: register, compare, value }, under: parseUnder(cursor) } };
  }
  if (here.kind !== 'word' || cursor.scope.vocabulary.constants.has(here.text)) {
    const left = parseExpression(cursor);
    const compare = parseComparison(cursor);
    return { act: { act: 'expect-value', left, compare, right: parseExpression(cursor), under: parseUnder(cursor) } };
  }
  const subject = parseSubject(cursor);
  if (subject.kind === 'machine' || subject.kind === 'names')
    throw syntax(subject, `nothing can be expected of ${subject.kind}`);
  if (subject.kind === 'rtt' && subject.ipa === undefined) throw cursor.expected('at and an IPA');
  const reason = subject.kind === 'exit' ? parseReason(cursor) : undefined;
  const members = subject.kind === 'exit' ? EXIT_MEMBERS : OBJECT_MEMBERS[subject.kind];
  const results = { what: subject.kind, members, conditions: NO_CONDITIONS, whole: false };
  const checks =
    subject.kind !== 'exit' || cursor.is('{') ? parseBraces(cursor, () => parseCheck(cursor, results)) : [];
  return { act: { act: 'expect', subject, reason, checks, under: parseUnder(cursor) } };
};

const show = (cursor: Cursor): Parsed => {
  const subject = parseSubject(cursor);
  const hasMembers =
    Object.hasOwn(OBJECT_MEMBERS, subject.kind) && !(subject.kind === 'rtt' && subject.ipa === undefined);
  const members: readonly string[] = hasMembers ? OBJECT_MEMBERS[subject.kind as keyof typeof OBJECT_MEMBERS] : [];
  const act = { act: 'show' as const, subject };
  if (cursor.is('=>')) throw cursor.expected('->, or the end of the line: expect says what an object has to be');
  return hasMembers
    ? { act, results: { what: subject.kind, members, conditions: NO_CONDITIONS, whole: false } }
    : { act };
};

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
    parse: (cursor) => ({
      act: { act: 'wait', kind: 'wfi', timeout: cursor.isOver ? undefined : parseExpression(cursor) },
      results: leaving('a wait'),
    }),
  },
  wfe: {
    group: 'The Realm',
    syntax: 'wfe [TIMEOUT]',
    says: 'the Realm waits for an event; with a timeout it is WFET',
    parse: (cursor) => ({
      act: { act: 'wait', kind: 'wfe', timeout: cursor.isOver ? undefined : parseExpression(cursor) },
      results: leaving('a wait'),
    }),
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

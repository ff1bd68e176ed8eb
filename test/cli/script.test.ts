import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/index.ts';
import { folder } from './support/folder.ts';
import { swcca } from './support/swcca.ts';

const divergence = (id: string): string => fileURLToPath(new URL(`../divergences/${id}.swcca`, import.meta.url));

const GOOD =
  'rmi GRANULE_DELEGATE 0x80001000 => SUCCESS\nrmi GRANULE_DELEGATE 0x80001000 => ERROR_INPUT by gran_state\n';
const BAD = 'rmi GRANULE_DELEGATE 0x80001000 => SUCCESS\nexpect granule 0x80001000 { state=RD }\n';

describe('swcca script', () => {
  test('is content when all is as expected', () => {
    const { code, out, err } = swcca(['script', '-'], { input: GOOD });
    expect({ code, err }).toEqual({ code: EXIT.ok, err: '' });
    expect(out).toContain('RMI_ERROR_INPUT by gran_state');
    expect(out.trimEnd().split('\n').at(-1)).toBe('spec: 2 calls, as expected');
    expect(swcca(['script', '-', '--quiet'], { input: GOOD }).out).toBe('');
  });

  test('tells a difference with the call before it', () => {
    const { code, out, err } = swcca(['script', '-', '-q'], { input: BAD });
    expect({ code, err }).toEqual({ code: EXIT.no, err: '' });
    expect(out).toBe(
      [
        'different at line 2, column 29: expect granule 0x80001000 { state=RD }',
        '  expected  state=RD',
        '  found     state=DELEGATED',
        '  before    line 1: rmi GRANULE_DELEGATE 0x80001000',
        '            came to RMI_SUCCESS',
        '',
      ].join('\n'),
    );
  });

  test('tells programs the same', () => {
    const { code, out } = swcca(['script', '-', '--json'], { input: BAD });
    expect(code).toBe(EXIT.no);
    expect(JSON.parse(out)).toMatchObject([
      {
        personality: 'spec',
        same: false,
        statements: [{ line: 1, result: 'RMI_SUCCESS' }, { line: 2 }],
        differences: [{ line: 2, column: 29, expected: 'state=RD', before: { line: 1, result: 'RMI_SUCCESS' } }],
      },
    ]);
  });

  test.each([
    [
      'rmi GRANULE_DELEGAT 1\n',
      'standard input:1:5: RMI has no command GRANULE_DELEGAT (did you mean GRANULE_DELEGATE?)',
    ],
    [
      'pe 0\nfoo\nbar\n',
      'standard input:2:1: expected a statement, such as rmi, write, enter or expect, found foo (did you mean for?) (and 1 more, the next in line 3)',
    ],
    ['rsi VERSION 1\n', 'standard input:1:1: PE 0 is in no Realm: enter a REC before this'],
    ['', 'standard input: is empty, a script is needed'],
  ])('%j is unreadable: one line that names the place', (input, says) => {
    const { code, out, err } = swcca(['script', '-', '-q'], { input });
    expect({ code, out, err }).toEqual({ code: EXIT.usage, out: '', err: `swcca script: ${says}\n` });
  });

  test('needs a file that is there, and a personality that there is', () => {
    expect(swcca(['script', '/nowhere/x.swcca'])).toMatchObject({ code: EXIT.usage });
    const { code, err } = swcca(['script', '-', '--personality', 'tfrmm'], { input: GOOD });
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('--personality: there is no tfrmm (did you mean tf-rmm?)');
  });

  test('runs once under each personality that it names, or under the one that is asked for', () => {
    const { code, out } = swcca(['script', divergence('D5')]);
    expect(code).toBe(EXIT.ok);
    expect(out.match(/^under .*/gm)).toEqual(['under spec', 'under D5', 'under tf-rmm']);
    const parted = swcca(['script', divergence('D5'), '--personality', 'tf-rmm', '--expects', 'spec', '-q']);
    expect(parted.code).toBe(EXIT.no);
    expect(parted.out).toContain('found     RMI_ERROR_REC');
  });

  test('writes a trace that replays, and that as a script makes the same trace', () => {
    const { at } = folder({
      'a.swcca': 'realm r\nenter $r.rec0\nrsi VERSION 0x10000 => SUCCESS\npsci SYSTEM_OFF => exit PSCI\n',
    });
    expect(swcca(['script', at('a.swcca'), '--trace', at('a.ndjson')]).code).toBe(EXIT.ok);
    expect(swcca(['replay', at('a.ndjson')]).code).toBe(EXIT.ok);
    const { out, code } = swcca(['trace', at('a.ndjson'), '--as-script']);
    expect(code).toBe(EXIT.ok);
    expect(out).toContain('\nrsi VERSION 0x10000 => SUCCESS');
    expect(swcca(['script', '-', '-q', '--trace', at('b.ndjson')], { input: out }).code).toBe(EXIT.ok);
    expect(readFileSync(at('b.ndjson'), 'utf8')).toBe(readFileSync(at('a.ndjson'), 'utf8'));
  });

  test('leaves no trace behind when the script cannot go on', () => {
    const { at, names } = folder();
    expect(swcca(['script', '-', '--trace', at('x.ndjson')], { input: 'foo\n' }).code).toBe(EXIT.usage);
    expect(names()).toEqual([]);
  });
});

describe('swcca repl, in a pipe', () => {
  test('answers each line, goes on after a mistake, and exits with the worst that happened', () => {
    const input = 'rmi GRANULE_DELEGATE 0x80001000\nfoo\nshow granule 0x80001000\n.exit\nrmi VERSION 1\n';
    const { code, out, err } = swcca(['repl'], { input });
    expect(code).toBe(EXIT.usage);
    expect(err).toBe(
      'standard input:2:1: expected a statement, such as rmi, write, enter or expect, found foo (did you mean for?)\n',
    );
    expect(out).toBe('      RMI_SUCCESS\n      state=DELEGATED gpt=GPT_REALM is_zero=true\n');
    expect(swcca(['repl'], { input: GOOD }).code).toBe(EXIT.ok);
    expect(swcca(['repl'], { input: BAD }).code).toBe(EXIT.no);
  });

  test('takes statements over several lines, and names from line to line', () => {
    const { out } = swcca(['repl'], {
      input: 'let p = granule\nwrite RmiRecEnter at $p {\n  flags=1\n}\nread u64 at $p\n',
    });
    expect(out).toBe('      done\n      0x1\n');
    const { err } = swcca(['repl'], { input: 'write RmiRecEnter at 1 {\n' });
    expect(err).toContain('standard input:1:1: expected a closing }');
  });

  test('prints pages, begins anew, and saves what was said', () => {
    const { at } = folder();
    const input = `rmi VERSION 1\n.reset\nlet a = 5\nexpect $a = 5\n.save ${at('s.swcca')}\nhelp RTT_FOLD\n.nothing\n`;
    const { out, err } = swcca(['repl'], { input });
    expect(readFileSync(at('s.swcca'), 'utf8')).toBe('let a = 5\nexpect $a = 5\n');
    expect(out).toContain('RMI_RTT_FOLD  0xc4000166');
    expect(err).toContain('there is no .nothing');
    expect(swcca(['script', at('s.swcca')]).code).toBe(EXIT.ok);
  });

  test('begins with a script, and with a personality', () => {
    const { at } = folder({ 'r.swcca': 'realm r\n' });
    const input = 'enter $r.rec0 { flags=inject_sea }\n';
    expect(swcca(['repl', '--load', at('r.swcca')], { input }).out).toBe('      entered\n');
    expect(swcca(['repl', '--load', at('r.swcca'), '--personality', 'tf-rmm'], { input }).out).toContain(
      'RMI_ERROR_REC',
    );
  });
});

describe('swcca spec', () => {
  test('prints the page of a command, with what a personality does otherwise', () => {
    const { code, out } = swcca(['spec', 'rmi_rec_enter', '--personality', 'tf-rmm']);
    expect(code).toBe(EXIT.ok);
    expect(out).toContain('RMI_REC_ENTER  0xc400015c  RMM 1.0 B4.3.14');
    expect(out).toContain('What tf-rmm does otherwise');
    expect(out).toContain('runtime/rmi/run.c');
    expect(JSON.parse(swcca(['spec', 'RMI_REC_ENTER', '--personality', 'tf-rmm', '--json']).out)).toMatchObject({
      name: 'RMI_REC_ENTER',
      differs: { personality: 'tf-rmm' },
    });
  });

  test('prints state machines, as text, diagrams and data', () => {
    expect(swcca(['spec', '--states']).out).toContain('RmmGranuleState');
    expect(swcca(['spec', '--states', '--markdown']).out).toContain('stateDiagram-v2');
    expect(JSON.parse(swcca(['spec', '--states', '--json']).out)[0].edges.UNDELEGATED.GRANULE_DELEGATE).toBe(
      'DELEGATED',
    );
  });

  test('says what the text permits where a script leads, and what each RMM answers', () => {
    const { code, out } = swcca(['spec', '--legal', '--script', divergence('D5')]);
    expect(code).toBe(EXIT.ok);
    expect(out).toContain('success: no failure condition holds');
    expect(out).toMatch(/tf-rmm +RMI_ERROR_REC by rec_sea, which the text does not permit/);
    const json = JSON.parse(swcca(['spec', 'RMI_REC_ENTER', '--legal', '--script', divergence('D5'), '--json']).out);
    expect(json).toMatchObject({ command: 'RMI_REC_ENTER', line: 4, allowed: [] });
  });

  test.each([
    [['spec', 'NOTHING'], 'no command "NOTHING"'],
    [['spec', '--legal'], '--legal needs --script FILE'],
    [['spec', '--script', 'x'], '--script belongs to --legal'],
    [['spec', '--out', 'x'], '--out takes every page'],
    [['spec', 'RMI_VERSION', '--legal', '--script', divergence('D5')], 'makes no call of RMI_VERSION'],
  ])('%j is wrong use', (args, says) => {
    const { code, out, err } = swcca(args);
    expect({ code, out }).toEqual({ code: EXIT.usage, out: '' });
    expect(err).toContain(says);
  });

  test('writes every page to a folder', () => {
    const { at } = folder();
    expect(swcca(['spec', '--markdown', '--out', at('reference')])).toMatchObject({ code: EXIT.ok });
    const committed = new URL('../../docs/reference/rmi-rtt-fold.md', import.meta.url);
    expect(readFileSync(at('reference/rmi-rtt-fold.md'), 'utf8')).toBe(readFileSync(committed, 'utf8'));
  });
});

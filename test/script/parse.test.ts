import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOpen } from '../../src/script/index.ts';
import { parse } from './support.ts';

const problemOf = (source: string): string => {
  const [first] = parse(source).problems;
  return first === undefined ? 'no problem' : `${first.line}:${first.column}: ${first.message}`;
};

describe('a wrong line says where, and what was expected', () => {
  test.each([
    ['foo', '1:1: expected a statement, such as rmi, write, enter or expect, found foo (did you mean for?)'],
    [
      '\n\n  rmo VERSION 1',
      '3:3: expected a statement, such as rmi, write, enter or expect, found rmo (did you mean rmi?)',
    ],
    ['rmi', '1:4: expected a command of RMI, such as GRANULE_DELEGATE, the line ends here'],
    ['rmi GRANULE_DELEGAT 1', '1:5: RMI has no command GRANULE_DELEGAT (did you mean GRANULE_DELEGATE?)'],
    ['rsi GRANULE_DELEGATE 1', '1:5: RSI has no command GRANULE_DELEGATE'],
    ['rmi RTT_CREATE 1 2 3', '1:21: expected level (RMI_RTT_CREATE takes rd, rtt, ipa, level), the line ends here'],
    ['rmi GRANULE_DELEGATE 1 2', '1:24: RMI_GRANULE_DELEGATE takes addr'],
    ['rmi GRANULE_DELEGATE adr=1', '1:22: RMI_GRANULE_DELEGATE has no adr (did you mean addr?): addr'],
    ['rmi GRANULE_DELEGATE 1 addr=1', '1:24: addr is given twice'],
    ['rmi GRANULE_DELEGATE $a', '1:22: $a has no value yet; let a = …'],
    ['let rd = granule\nrmi GRANULE_DELEGATE $dr', '2:22: $dr has no value yet; let dr = …'],
    ['let rec0 = granule\nrmi GRANULE_DELEGATE $rec', '2:22: $rec has no value yet; let rec = … (did you mean $rec0?)'],
    ['rmi GRANULE_DELEGATE 0x', '1:22: "0x" is no number; write 10, 0x1000 or 2MiB'],
    ['rmi GRANULE_DELEGATE 0x1_0000_0000_0000_0000', '1:22: 0x1_0000_0000_0000_0000 does not fit 64 bits'],
    ['rmi GRANULE_DELEGATE 16EiB', '1:22: "16EiB" is no number; write 10, 0x1000 or 2MiB'],
    [
      'rmi GRANULE_DELEGATE 1 => SUCESS',
      '1:27: expected a result, such as SUCCESS, ERROR_RTT(2), exit HOST_CALL or _, found SUCESS (did you mean SUCCESS?)',
    ],
    [
      'rmi GRANULE_DELEGATE 1 => ERROR_INPUT by gran_stat',
      '1:42: RMI_GRANULE_DELEGATE has no failure condition gran_stat (did you mean gran_state?)',
    ],
    [
      'rmi GRANULE_DELEGATE 1 => SUCCESS under tf',
      '1:41: expected a personality such as spec or tf-rmm, or a switch such as D2, found tf',
    ],
    ['rmi RTT_FOLD 1 2 3 => SUCCESS { rt=1 }', '1:33: RMI_RTT_FOLD has no rt (did you mean rtt?): rtt'],
    ['rmi RTT_FOLD 1 2 3 => SUCCESS { rtt 1 }', '1:37: expected one of = != < <= > >=, found 1'],
    ['rmi RTT_FOLD 1 2 3 -> rtt', '1:26: expected = after rtt, the line ends here'],
    [
      'write RmiRealmParam at 1 { }',
      '1:7: expected a structure such as RmiRealmParams, u8, u16, u32, u64, i64 or bytes[16], found RmiRealmParam (did you mean RmiRealmParams?)',
    ],
    [
      'write RmiRealmParams at 1 { s2s=40 }',
      '1:29: RmiRealmParams has no s2s (did you mean s2sz?): flags, s2sz, sve_vl, num_bps, num_wps, pmu_num_ctrs, hash_algo, rpv, vmid, rtt_base, rtt_level_start, rtt_num_start',
    ],
    ['write RmiRealmParams at 1 { s2sz=40 s2sz=41 }', '1:37: s2sz is given twice'],
    ['write RmiRealmParams at 1 { s2sz=40', '1:36: expected a closing }, the line ends here'],
    ['write u8 1 = 2', '1:10: expected at and an address, found 1'],
    ['write u8 at 1', '1:14: expected = and a value, the line ends here'],
    ['write bytes at 1 = hex"0"', '1:20: hex"…" takes an even number of hexadecimal digits'],
    ['write bytes at 1 = "open', '1:20: a closing " is missing on this line'],
    ['let x = é', '1:9: a script has no use for "é"'],
    ['let x = 5 6', '1:11: expected the end of the line, found 6'],
    ['let $x = 5', '1:5: expected a new name, without $, found $x'],
    ['let 1x = 5', '1:5: "1x" is no number; write 10, 0x1000 or 2MiB'],
    [
      'let x = RAN',
      '1:9: expected a value: a number, a name such as $rd, or a constant, found RAN (did you mean RAM?)',
    ],
    ['let x = (1', '1:11: expected a closing ), the line ends here'],
    ['smc hots 1', '1:5: expected host or realm: who executes the SMC, found hots'],
    ['interrupt NMI', '1:11: expected IRQ, FIQ or SERROR, found NMI'],
    ['load bytes at 5', '1:12: expected [ and how many bytes, as bytes[16], found at'],
    ['load u8 at 5 into x31', '1:19: expected a register: x0 to x30, w0 to w30, r0 to r30, xzr or wzr, found x31'],
    ['machine s2z=4', '1:9: machine has no s2z (did you mean s2sz?)'],
    [
      'personality tfrmm',
      '1:13: expected a personality such as spec or tf-rmm, or a switch such as D2, found tfrmm (did you mean tf-rmm?)',
    ],
    ['switch D999', '1:8: expected a switch, such as D2, or -D2 to turn it off, found D999'],
    [
      'expect exit SINC',
      '1:13: expected a reason of an exit: SYNC, IRQ, FIQ, PSCI, RIPAS_CHANGE, HOST_CALL, SERROR, found SINC (did you mean SYNC?)',
    ],
    ['expect realm 1 { stat=1 }', '1:18: realm has no stat (did you mean state?)'],
    ['expect rtt 1 { state=TABLE }', '1:14: expected at and an IPA, found {'],
    [
      'show rac 1',
      '1:6: expected one of granule, realm, rec, rtt, exit, machine, names, found rac (did you mean rec?)',
    ],
    ['for i in 1..2 help', '1:15: expected a statement that can be repeated, found help'],
    [`let x = ${'('.repeat(100)}1`, '1:74: brackets are nested more than 64 deep'],
    [`let x = ${'-'.repeat(100)}1`, '1:74: brackets are nested more than 64 deep'],
    [`let x = 1${' + 1'.repeat(300)}`, '1:1035: expected at most 256 operators in a row, found +'],
  ])('%j', (source, problem) => {
    expect(problemOf(source)).toBe(problem);
  });

  test('and the lines after it are read as if nothing were', () => {
    const { statements, problems } = parse('let a = $none\nfoo\nrmi GRANULE_DELEGATE $a\n"\npe 1');
    expect(problems.map(({ line }) => line)).toEqual([1, 2, 4]);
    expect(statements.map(({ line }) => line)).toEqual([3, 5]);
  });

  test('and no more of them than anybody reads', () => {
    expect(parse('foo\n'.repeat(100)).problems.length).toBe(20);
  });
});

describe('a statement', () => {
  test('ends with its line, unless a bracket is open or the next line begins with an arrow', () => {
    const { statements, problems } = parse(
      'rmi GRANULE_DELEGATE 1 # the first\n\n  # and what it comes to\n  => SUCCESS\n  -> x1=a\nwrite RmiRecEnter at 2 {\n  flags=1, # one\n  gprs[0]=2\n}\npe 0',
    );
    expect(problems).toEqual([]);
    expect(statements.map(({ line, text }) => [line, text])).toEqual([
      [1, 'rmi GRANULE_DELEGATE 1 => SUCCESS -> x1=a'],
      [6, 'write RmiRecEnter at 2 { flags=1, gprs[0]=2 }'],
      [10, 'pe 0'],
    ]);
  });

  test('tells a difference from two values by white space', () => {
    const counted = (source: string): number => {
      const [statement] = parse(source).statements;
      return statement?.act.act === 'smc' ? statement.act.x.length : 0;
    };
    expect(counted('smc host 3 - 1')).toBe(1);
    expect(counted('smc host 3-1')).toBe(1);
    expect(counted('smc host 3 -1')).toBe(2);
    expect(counted('smc host 3, -1')).toBe(2);
    expect(counted('smc host 3 ~1')).toBe(2);
  });

  test('is open while a bracket is', () => {
    expect(isOpen('write RmiRecEnter at 2 {')).toBe(true);
    expect(isOpen('write RmiRecEnter at 2 { }')).toBe(false);
    expect(isOpen('let x = ( # )')).toBe(true);
    expect(isOpen('pe 0')).toBe(false);
  });
});

const corpus = (() => {
  const folder = fileURLToPath(new URL('../divergences/', import.meta.url));
  return readdirSync(folder).map((file) => readFileSync(`${folder}${file}`, 'utf8'));
})();

/** Pieces of scripts, so that much of what is made of them is nearly right. */
const pieces = [...new Set(corpus.flatMap((text) => text.split(/(\s+|[{}()[\]=,.|+*-])/)))];
const garbled = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4, unit: 'binary' })), { maxLength: 60 })
  .map((parts) => parts.join(''));

describe('any text', () => {
  test('is a script, or has problems with their places', () => {
    const check = (source: string): void => {
      const { statements, problems } = parse(source);
      const lines = source.split('\n');
      for (const { line, column, message } of problems) {
        expect(message).not.toBe('');
        expect(message).not.toContain('\n');
        expect(line).toBeGreaterThan(0);
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeGreaterThan(0);
        expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
      }
      expect(statements.length + problems.length).toBeLessThanOrEqual(lines.length);
    };
    fc.assert(fc.property(fc.oneof(garbled, fc.string({ unit: 'binary', maxLength: 200 })), check), { numRuns: 1000 });
  });

  test('is read in time that grows with its length', () => {
    for (const unit of [
      '(',
      '{',
      '#',
      '"',
      '$',
      '=> ',
      'a-',
      '\n',
      ' ',
      '[',
      '1 + ',
      'x=',
      '1',
      '.',
      '"#',
      '\\',
      '<<',
    ]) {
      const source = `let x = ${unit.repeat(50_000)}`;
      const started = process.cpuUsage();
      parse(source);
      expect(process.cpuUsage(started).user / 1e3).toBeLessThan(5000);
    }
  });
});

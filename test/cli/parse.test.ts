import { describe, expect, test } from 'vitest';
import { cli } from '../../src/cli/command.ts';
import { EXIT, UsageError } from '../../src/cli/exit.ts';
import { address, choice, flag, hexBytes, path } from '../../src/cli/options/values.ts';
import { parseCommandLine } from '../../src/cli/parse.ts';

const sample = cli({
  summary: '',
  operands: [{ name: 'TOKEN', help: 'a file with a token' }],
  options: {
    json: flag('', 'j'),
    out: path('', { short: 'o' }),
    hash: {
      kind: 'option',
      value: 'sha-256|sha-512',
      help: '',
      default: 'sha-256',
      parse: (t) => choice(['sha-256', 'sha-512'], t),
    },
    extend: { kind: 'option', value: 'HEX', help: '', repeatable: true, parse: (t) => hexBytes(t, 1, 2) },
    at: { kind: 'option', value: 'IPA', help: '', parse: address },
  },
  examples: [],
  run: async () => EXIT.ok,
});
const parse = (...args: string[]) => parseCommandLine(sample, args);
const refusal = (...args: string[]): string => {
  try {
    parse(...args);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).code).toBe('COMMAND_LINE');
    return (error as UsageError).message;
  }
  return 'accepted';
};

describe('a command line', () => {
  test('gives each option its value, by either spelling and in any place', () => {
    const { values, operands } = parse(
      '--out=a',
      'token.cbor',
      '-j',
      '--extend',
      'aa',
      '--extend=bbcc',
      '--at',
      '0x10',
    );
    expect(operands).toEqual(['token.cbor']);
    expect(values).toEqual({
      json: true,
      out: 'a',
      hash: 'sha-256',
      extend: [Uint8Array.of(0xaa), Uint8Array.of(0xbb, 0xcc)],
      at: 16n,
    });
  });

  test('takes - as an operand and as a value', () => {
    expect(parse('-', '-o', '-')).toMatchObject({ operands: ['-'], values: { out: '-' } });
  });

  test('takes what follows -- as operands', () => {
    expect(parse('--', '--json').operands).toEqual(['--json']);
  });

  test('that asks for help is not read further', () => {
    expect(parse('--unknown', '--help').help).toBe(true);
    expect(parse('-h').help).toBe(true);
  });

  test.each([
    [['x', '--jsn'], 'unknown option --jsn (did you mean --json?)'],
    [['x', '--zzzzzz'], 'unknown option --zzzzzz'],
    [['x', '-z'], 'unknown option -z'],
    [['x', '--json=1'], '--json takes no value'],
    [['x', '--out'], '--out needs a value: --out FILE'],
    [['x', '--out', '--json'], '--out needs a value: --out FILE'],
    [['x', '--out', '-j'], '--out needs a value: --out FILE'],
    [['x', '--out', 'a', '--out', 'b'], '--out is given twice; give it once'],
    [['x', '--out='], '--out: is empty; name a file'],
    [['x', '--hash', 'sha256'], '--hash: "sha256" is not one of sha-256, sha-512 (did you mean sha-256?)'],
    [['x', '--extend', 'abc'], '--extend: hexadecimal has an odd number of digits'],
    [['x', '--extend', 'xy'], '--extend: hexadecimal has something else than 0-9 and a-f'],
    [['x', '--extend', 'aabbcc'], '--extend: takes 1 to 2 bytes, 3 are given'],
    [['x', '--at', '-1'], '--at: "-1" is no address'],
    [['x', '--at', '0x10000000000000000'], '--at: "0x10000000000000000" does not fit 64 bits'],
    [['x', '--constructor', 'y'], 'unknown option --constructor'],
    [['x', '--__proto__', 'y'], 'unknown option --__proto__'],
    [[], 'TOKEN is missing: a file with a token'],
    [['x', 'y'], 'does not know what to do with "y"; quote what belongs together'],
  ])('%j is refused', (args, says) => {
    expect(refusal(...args)).toBe(says);
  });
});

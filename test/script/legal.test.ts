import { describe, expect, test } from 'vitest';
import { lastCall, legalAnswers, ScriptError } from '../../src/script/index.ts';
import { options, parse } from './support.ts';

const base = { ...options.base, onViolation: () => undefined };

const report = (source: string, command?: string) => {
  const script = parse(source);
  expect(script.problems).toEqual([]);
  return legalAnswers(script, lastCall(script, command), { base }, ['spec', 'tf-rmm']);
};

describe('the last call of a script', () => {
  test('is found, of any command or of one', () => {
    const script = parse('rmi VERSION 1\nrealm r\nenter $r.rec0\nrsi VERSION 1\nexpect 1 = 1');
    expect([lastCall(script), lastCall(script, 'RMI_REC_ENTER'), lastCall(script, 'RMI_VERSION')]).toEqual([3, 2, 0]);
    expect(lastCall(script, 'RMI_FEATURES')).toBe(-1);
  });

  test('may answer any of what holds and nothing precedes, and each RMM chooses', () => {
    const { allowed, preceded, chosen } = report('realm r\nlet g = granule\nrmi DATA_CREATE $g $g 1 << 39 $r.page 2');
    expect(allowed.map(({ id, result }) => [id, result])).toEqual([
      ['data_state', 'RMI_ERROR_INPUT'],
      ['rd_state', 'RMI_ERROR_INPUT'],
    ]);
    expect(preceded).toContainEqual({ id: 'realm_state', by: 'rd_state', edge: 'published' });
    expect(preceded).toContainEqual({ id: 'ipa_bound', by: 'rd_state', edge: 'ours' });
    expect(chosen).toEqual([
      { personality: 'spec', answer: 'RMI_ERROR_INPUT', failed: 'data_state', permitted: true },
      { personality: 'tf-rmm', answer: 'RMI_ERROR_INPUT', failed: 'flags_valid', permitted: true },
    ]);
  });

  test('may only succeed when nothing holds, and an RMM that fails is found out', () => {
    const { allowed, chosen } = report('realm r\nenter $r.rec0 { flags=inject_sea }');
    expect(allowed).toEqual([]);
    expect(chosen.map(({ permitted }) => permitted)).toEqual([true, false]);
  });

  test('of a Realm is judged by the REC that calls', () => {
    const { command, allowed } = report('realm r\nenter $r.rec0\nrsi ATTESTATION_TOKEN_CONTINUE 1 0x2000 1');
    expect(command).toBe('RSI_ATTESTATION_TOKEN_CONTINUE');
    expect(allowed.map(({ id }) => id)).toEqual(['addr_align', 'offset_bound', 'size_bound', 'state']);
  });

  test('reads the index of a return code from the state', () => {
    const { allowed } = report('realm r { pages=0 recs=0 }\nrmi RTT_FOLD $r.rd 0 2');
    expect(allowed.map(({ id, result }) => [id, result])).toEqual([
      ['rtt_walk', 'RMI_ERROR_RTT(0)'],
      ['rtte_state', 'RMI_ERROR_RTT(0)'],
    ]);
  });

  test('that cannot be reached says why', () => {
    expect(() => report('rmi VERSION 1\nrsi VERSION 1')).toThrow(ScriptError);
    const script = parse('realm r\nenter $r.rec0\nrsi FEATURES 0');
    expect(() => legalAnswers(script, 0, { base }, [])).toThrow('this is no call');
  });
});

import { expect, test } from 'vitest';
import { complete } from '../../src/script/index.ts';

const candidates = (line: string, names: readonly string[] = []): readonly string[] => complete(line, names).candidates;

test.each([
  ['', 'rmi'],
  ['rm', 'rmi'],
  ['rmi GRAN', 'GRANULE_DELEGATE'],
  ['rsi ', 'HOST_CALL'],
  ['psci CPU_', 'CPU_ON'],
  ['rmi RTT_CREATE le', 'level'],
  ['rmi RTT_FOLD 1 2 3 => ERROR_', 'ERROR_RTT'],
  ['rmi RTT_FOLD 1 2 3 => SUCCESS or ', 'ERROR_INPUT'],
  ['rmi RTT_DESTROY 1 2 3 => SUCCESS { t', 'top'],
  ['rsi HOST_CALL 0 => exit HOST', 'HOST_CALL'],
  ['write Rmi', 'RmiRecParams'],
  ['write RmiRealmParams at 1 { s2', 's2sz'],
  ['write RmiRealmParams at 1 { hash_algo=SHA', 'SHA_512'],
  ['enter 1 { gicv3', 'gicv3_hcr'],
  ['realm r { rec', 'recs'],
  ['show rt', 'rtt'],
  ['expect x', 'x30'],
  ['expect rec 1 { psci', 'psci_pending'],
  ['machine s2', 's2sz'],
  ['personality tf', 'tf-rmm'],
  ['help RTT_F', 'RTT_FOLD'],
])('%j can go on with %s', (line, word) => {
  expect(candidates(line)).toContain(word);
});

test('names of the session are completed after $', () => {
  expect(complete('rmi GRANULE_DELEGATE $r.', ['r.rd', 'r.rec0', 'x'])).toEqual({
    candidates: ['$r.rd', '$r.rec0'],
    fragment: '$r.',
  });
});

test('every candidate goes on where the line ends', () => {
  for (const line of ['r', 'rmi R', 'write RmiRecEnter at 1 { g', 'expect granule 1 { s', 'rmi VERSION 1 => S']) {
    const { fragment, candidates: found } = complete(line, []);
    expect(found.length).toBeGreaterThan(0);
    for (const each of found) expect(each.toLowerCase().startsWith(fragment.toLowerCase())).toBe(true);
  }
});

test('any line can be completed', () => {
  for (const line of ['"', '$', '{{{', 'é', 'rmi => => {', ')', 'write', '\u0000'])
    expect(() => complete(line, [])).not.toThrow();
});

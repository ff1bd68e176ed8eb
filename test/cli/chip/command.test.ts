import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { folder } from '../support/folder.ts';
import { swcca } from '../support/swcca.ts';

const json = (...args: readonly string[]) => {
  const { code, out, err } = swcca([...args, '--json']);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
};

test('a chip is led through its life: each step shows in keys, claims and log', () => {
  const { at } = folder();
  const chip = at('chip');
  expect(swcca(['chip', 'show', chip])).toMatchObject({ code: 2, err: expect.stringMatching(/holds no chip/) });
  const made = json('chip', 'reset', chip, '--seed', '7');
  expect(made).toMatchObject({ lcs: 'SE', lifecycle: 0x3000, epoch: { boot: 1, lfa: 0 } });

  // Reprovisioning changes the CPAK; bits are only ever set.
  const rotated = json('chip', 'rotate-cpak', chip, '1');
  expect(rotated.cpak).not.toBe(made.cpak);
  const again = swcca(['chip', 'rotate-cpak', chip, '1']);
  expect(again).toMatchObject({ code: 1, out: '' });
  expect(again.err).toMatch(/^swcca chip: REPROVISIONING_BACKWARD: /);

  // The group key is no root of the CPAK.
  expect(json('chip', 'rotate-guk', chip, '2027').cpak).toBe(rotated.cpak);
  expect(json('chip', 'show', chip).otp).toEqual({ lcs: 'SE', reprovisioningBits: 1, group: '2027' });

  writeFileSync(at('cpak.pem'), rotated.cpak_pem);
  const verdict = (): number | null => {
    expect(swcca(['token', '--state', chip, '-o', at('token.cbor')]).code).toBe(0);
    return swcca(['verify', at('token.cbor'), '--key', at('cpak.pem')]).code;
  };
  expect(verdict()).toBe(0);

  // In RMA the keys are gone, and there is no way back.
  const erased = json('chip', 'lifecycle', chip, 'RMA');
  expect(erased).toMatchObject({ lcs: 'RMA', lifecycle: 0x6000 });
  expect(erased.cpak).not.toBe(rotated.cpak);
  expect(verdict()).toBe(1);
  expect(swcca(['chip', 'lifecycle', chip, 'SE'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/LCS_BACKWARD/),
  });

  const log: { seq: number; op: string; result: string }[] = json('chip', 'log', chip);
  expect(log.map(({ seq }) => seq)).toEqual([...log.keys()]);
  expect(
    log.filter(({ op }) => op !== 'extend' && op !== 'coldReset').map(({ op, result }) => `${op} ${result}`),
  ).toEqual([
    'rotateCpak PSA_SUCCESS',
    'rotateCpak REPROVISIONING_BACKWARD',
    'rotateGuk PSA_SUCCESS',
    'getDelegatedKey PSA_SUCCESS',
    'getPlatformToken PSA_SUCCESS',
    'setLifecycle PSA_SUCCESS',
    'getDelegatedKey PSA_SUCCESS',
    'getPlatformToken PSA_SUCCESS',
    'setLifecycle LCS_BACKWARD',
  ]);
});

test.each([
  [['lifecycl', 'x'], /did you mean lifecycle\?/],
  [['lifecycle', 'x'], /a value is missing/],
  [['lifecycle', 'x', 'XX'], /"XX" is not one of CM, DM, SE, RMA/],
  [['rotate-cpak', 'x', '-'], /is no number of 32 bits/],
  [['reset', 'x', '1'], /reset takes no value/],
])('%j is refused and makes no chip', (args, says) => {
  const { path, names } = folder();
  const { code, out, err } = swcca(['chip', ...args], { cwd: path });
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(says);
  expect(names()).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RSI_STATUS } from '../../src/abi/index.ts';
import { RMM_1_0 } from '../../src/rmm/index.ts';

const header = readFileSync(new URL('../../src/clients/c/swcca.h', import.meta.url), 'utf8');

/** From the names of the specification to the numbers that the header gives them. */
const defined = new Map(
  [...header.matchAll(/^#define SWCCA_(RSI_\w+) (0x[0-9a-f]+|\d+)u$/gm)].map(([, name = '', value]) => [
    name,
    Number(value),
  ]),
);

test('the header for C has the numbers of the specification', () => {
  const fids = RMM_1_0.rsi.map(({ name, fid }) => [name, fid] as const);
  const numbers = new Map<string, number>([...fids, ...Object.entries(RSI_STATUS)]);
  for (const [name, value] of defined) expect([name, numbers.get(name)]).toEqual([name, value]);
  for (const status of Object.keys(RSI_STATUS)) expect(defined.has(status)).toBe(true);
  expect(defined.has('RSI_ATTESTATION_TOKEN_CONTINUE')).toBe(true);
});

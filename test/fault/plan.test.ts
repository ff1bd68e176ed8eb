import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse as parseAnyYaml } from 'yaml';
import { UsageError } from '../../src/cli/exit.ts';
import { parseFaultPlan } from '../../src/cli/fault-plan.ts';
import { fixturesFolder } from '../../src/cli/firmware-dir.ts';
import { ACTS, FAULT_MODELS, type FaultModel, SEAMS } from '../../src/fault/index.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../docs/schemas/fault-plan.schema.json', import.meta.url), 'utf8'),
) as {
  properties: {
    faults: { items: { oneOf: { properties: { at: { const: string }; act: { properties: object } } }[] } };
  };
  $defs: { acts: object };
};
const validate = new Ajv2020().compile(schema);
const plans = join(fixturesFolder(), 'faults');
const names = readdirSync(plans);

/** What a plan of one fault comes to. */
const read = async (fault: string, model: FaultModel = 'rmm'): Promise<unknown> =>
  parseFaultPlan(`version: 1\nmodel: ${model}\nfaults: [${fault}]\n`, 'plan.yaml').then(
    ({ faults }) => faults[0],
    (error: unknown) => (error instanceof UsageError ? error.message : String(error)),
  );

describe('the committed plans', () => {
  test('are there for each of H1 to H14', () => {
    const kinds = new Set(names.map((name) => Number(/^h(\d\d)-/.exec(name)?.[1])));
    expect([...kinds].sort((a, b) => a - b)).toEqual(Array.from({ length: 14 }, (_, i) => i + 1));
  });

  test.each(names)('%s is read, and the published schema takes it', async (name) => {
    const content = readFileSync(join(plans, name), 'utf8');
    const { faults } = await parseFaultPlan(content, name);
    expect(faults.every(({ requireFired }) => requireFired)).toBe(true);
    expect(validate(parseAnyYaml(content))).toBe(true);
    expect(content).toMatch(new RegExp(`^# ${name.slice(0, 3).toUpperCase().replace('H0', 'H')}:`));
  });
});

describe('the published schema', () => {
  test('has a branch for each seam, with its acts and no others', () => {
    const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
    const branches = schema.properties.faults.items.oneOf.map(
      ({ properties: { at, act } }) => [at.const, Object.keys(act.properties)] as const,
    );
    expect(Object.fromEntries(branches)).toEqual(
      Object.fromEntries(Object.entries(SEAMS).map(([name, { acts }]) => [name, acts.map(snake)])),
    );
    expect(Object.keys(schema.$defs.acts).sort()).toEqual(Object.keys(ACTS).map(snake).sort());
  });

  const good = '{ at: hes.getDelegatedKey, act: { fail: PSA_ERROR_BAD_STATE } }';
  test.each([
    [good],
    ['{ at: hes.getDelegatedKey, when: { nth: 3 }, act: { truncate: 3, pad: 1 }, require_fired: false }'],
    ['{ at: hes.getPlatformToken, when: { challenge: "00ff" }, act: { ask: other } }'],
    ['{ at: el3.boot, when: { nth: [1, 3..4] }, act: { set: { x1: 0x10000, x2: -2 }, write: { at: 4, hex: "00" } } }'],
    ['{ at: hes.claims, act: { claims: { set: 2395, value: { hex: "00" } } } }'],
    ['{ at: hes.claims, act: { claims: { omit: 1, repeat: 2 } } }'],
    ['{ at: hes.claims, act: { claims: { set: 2395 } } }'],
    ['{ at: hes.claims, act: { fail: PSA_ERROR_BAD_STATE } }'],
    ['{ at: nowhere, act: { flip: 1 } }'],
    ['{ at: rmm.crypto.sign }'],
    ['{ at: rmm.crypto.sign, act: {} }'],
    ['{ at: rmm.crypto.sign, act: { flip: -1 } }'],
    ['{ at: rmm.crypto.sign, when: { nth: 0 }, act: { flip: 1 } }'],
    ['{ at: rmm.crypto.sign, when: { nth: 1, always: true }, act: { flip: 1 } }'],
    ['{ at: rmm.crypto.sign, when: { always: false }, act: { flip: 1 } }'],
    ['{ at: el3.boot, act: { set: { x18: 1 } } }'],
    ['{ at: el3.boot, act: { reset: false } }'],
    ['{ at: el3.RMM_EL3_FEATURES, act: { status: E_RMM_MAYBE } }'],
    ['{ at: hes.getPlatformToken, act: { rehash: { form: sec1, algorithm: sha-256 } } }'],
    ['{ at: rmm.crypto.sign, act: { flip: 1 }, also: 1 }'],
    ['{ at: host.smc, act: { destroy: 0x80200000 } }'],
    ['{ at: host.smc, act: { destroy: "0x80200000", interrupt: { kind: IRQ } } }'],
    ['{ at: host.smc, act: { destroy: "0x80200008" } }'],
    ['{ at: host.smc, act: { destroy: 8 } }'],
    ['{ at: host.smc, act: { destroy: -4096 } }'],
    ['{ at: host.page, act: { destroy: 0x80200000 } }'],
    ['{ at: tsm.mkdir, act: { hide: [provider, auxblob] } }'],
    ['{ at: tsm.mkdir, act: { hide: [colour] } }'],
    ['{ at: tsm.read.outblob, act: { short: 1, errno: EINTR } }'],
    ['{ at: tsm.read.outblob, act: { short: 0 } }'],
    ['{ at: tsm.read.outblob, act: { errno: EOK } }'],
    ['{ at: tsm.open.outblob, act: { race: "00" } }'],
    ['{ at: tsm.rmdir, act: { flip: 1 } }'],
  ])('takes and refuses what the parser does: %s', async (fault) => {
    for (const model of FAULT_MODELS) {
      const parsed = typeof (await read(fault, model)) !== 'string';
      expect(validate(parseAnyYaml(`version: 1\nmodel: ${model}\nfaults: [${fault}]\n`)), model).toBe(parsed);
    }
  });
});

describe('a plan', () => {
  test('has a fault act at every call, and demands that it does, unless it says otherwise', async () => {
    expect(await read('{ at: rmm.crypto.sign, act: { flip: 9 } }')).toEqual({
      at: 'rmm.crypto.sign',
      when: { always: true },
      act: { flip: 9 },
      requireFired: true,
    });
  });

  test('names calls one by one, by ranges, or both', async () => {
    const whenOf = async (nth: string) =>
      ((await read(`{ at: rmm.crypto.sign, when: { nth: ${nth} }, act: { flip: 0 } }`)) as { when: unknown }).when;
    expect(await whenOf('2')).toEqual({ nth: [{ from: 2, to: 2 }] });
    expect(await whenOf('[1, 4..6]')).toEqual({
      nth: [
        { from: 1, to: 1 },
        { from: 4, to: 6 },
      ],
    });
  });

  test.each<[string, RegExp]>([
    ['{ at: hes.nowhere, act: { flip: 1 } }', /^plan\.yaml:3: faults\[0\]\.at: takes one of hes\.extendMeasurement/],
    ['{ at: hes.getDelegatedKey, act: { status: E_RMM_UNK } }', /faults\[0\]\.act\.status: unknown key/],
    ['{ at: hes.getDelegatedKey, act: {} }', /faults\[0\]\.act: takes at least one of extend, activate/],
    ['{ at: hes.getDelegatedKey, act: { fail: PSA_SUCCESS } }', /takes one of PSA_ERROR_PROGRAMMER_ERROR/],
    ['{ at: rmm.crypto.sign, when: { nth: 5..2 }, act: { flip: 0 } }', /when\.nth: takes calls from 1 to 1000000/],
    ['{ at: rmm.crypto.sign, when: { nth: 1000001 }, act: { flip: 0 } }', /when\.nth: takes a whole number/],
    ['{ at: rmm.crypto.sign, when: { challenge: "" }, act: { flip: 0 } }', /challenge: takes 1 to 64 bytes, 0 are/],
    ['{ at: el3.boot, act: { set: { y1: 0 } } }', /act\.set\.y1: is no register; known here: x0 to x17/],
    ['{ at: el3.boot, act: { write: { at: 4095, hex: "0000" } } }', /act\.write: runs over the end of the page/],
    ['{ at: hes.claims, act: { claims: { value: 1 } } }', /act\.claims: takes \{ omit: LABEL \}/],
    [
      '{ at: hes.getPlatformToken, act: { extend: { slot: 32, type: A, signer: "", digest: "" } } }',
      /extend\.slot: takes a whole number from 0 to 31/,
    ],
    [
      `{ at: hes.getPlatformToken, act: { extend: { slot: 3, type: ${'A'.repeat(33)}, signer: "", digest: "" } } }`,
      /extend\.type: takes 0 to 32 bytes, 33 are given/,
    ],
    [
      `{ at: hes.getPlatformToken, act: { extend: { slot: 3, type: A, signer: "${'1'.repeat(62)}", digest: "" } } }`,
      /extend\.signer: takes 32 to 64 bytes, 31 are given/,
    ],
  ])('is refused in one line that names the place: %s', async (fault, says) => {
    const message = await read(fault);
    expect(message).toMatch(says);
    expect(message).not.toContain('\n');
  });

  test.each([
    ['version: 2\nmodel: rmm\nfaults: []', /version: takes a whole number from 1 to 1/],
    ['version: 1\nmodel: guest\nfaults: []', /model: takes one of rmm, host, not "guest"/],
    ['version: 1\nmodel: host\nfaults: [{ at: hes.claims, act: { flip: 0 } }]', /\.at: takes one of host\.smc/],
    ['version: 1\nmodel: host\nfaults: [{ at: tsm.mkdir, act: { hide: [provider] } }]', /act\.hide: unknown key/],
    ['version: 1\nmodel: host\nfaults: [{ at: tsm.open.outblob, act: { flip: 0 } }]', /act\.flip: unknown key/],
    ['version: 1\nmodel: rmm', /lacks the key faults/],
    ['version: 1\nmodel: rmm\nfaults: []\nseed: 7', /seed: unknown key/],
    ['[]', /takes keys/],
    [
      `version: 1\nmodel: rmm\nfaults:\n${'- { at: rmm.crypto.sign, act: { flip: 0 } }\n'.repeat(1001)}`,
      /more than 1000/,
    ],
  ])('that is none is refused: %#', async (content, says) => {
    await expect(parseFaultPlan(content, 'plan.yaml')).rejects.toThrow(says);
  });

  test('is read or refused, whatever the text is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (content) => {
        const answer = await parseFaultPlan(content, 'plan.yaml').catch((error: unknown) => error);
        return answer instanceof UsageError || typeof answer === 'object';
      }),
    );
  });
});

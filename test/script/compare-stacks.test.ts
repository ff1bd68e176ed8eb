import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { claimsOf } from '../../src/inspect/index.ts';
import { choose, type Deviation, type Setting, STACKS, SWITCHES } from '../../src/personality/index.ts';
import { compareStacks, type Mixture, rmmOf } from '../../src/script/index.ts';
import { options, parse } from './support.ts';

const scriptOf = (id: string) =>
  parse(readFileSync(fileURLToPath(new URL(`../divergences/${id}.swcca`, import.meta.url)), 'utf8'));

const REFERENCE = STACKS.reference.setting;

/** The reference with switches on. */
const withSwitches = (...ids: readonly string[]): Setting => {
  const personality = choose('spec', ids);
  if (personality === undefined) throw new Error(`${ids}: no such switch`);
  return { ...REFERENCE, personality };
};

const claims = (token: Uint8Array) => new Map(claimsOf(token).map(({ place, text }) => [place, text]));
const machine = (mixture: Mixture) => ({ ...options.base, ...rmmOf(mixture) });
const compare = (source: string | ReturnType<typeof parse>, b: Setting, a: Setting = REFERENCE) => {
  const script = typeof source === 'string' ? parse(source) : source;
  expect(script.problems).toEqual([]);
  return compareStacks(script, { a, b, evidence: STACKS['tf-rmm-rel0'].evidence, machine, claims });
};
const because = ({ differences }: ReturnType<typeof compare>): readonly string[] => [
  ...new Set(differences.flatMap((each) => each.because)),
];

/** Somebody's RMM that has a switch on, if there is one. */
const rmmWith = (id: string): Setting | undefined =>
  [STACKS['tf-rmm-rel0'], STACKS.islet]
    .map(({ setting }): Setting => ({ ...REFERENCE, personality: setting.personality }))
    .find(({ personality }) => personality.switches.includes(id));

const seen = ({ standing }: Deviation): boolean => standing !== 'same reading';

test.each([...SWITCHES.values()])('$id, alone, is what makes the difference: $title', (deviation) => {
  const { id } = deviation;
  const compared = compare(scriptOf(id), withSwitches(id));
  expect(because(compared)).toEqual(seen(deviation) ? [id] : []);
  expect(compared.differences.length > 0).toBe(seen(deviation));
  expect(compared.differences.filter(({ how }) => how === 'unexplained')).toEqual([]);
});

const ofSomebody = [...SWITCHES.values()].flatMap((deviation) => {
  const rmm = rmmWith(deviation.id);
  return rmm === undefined ? [] : [{ ...deviation, deviation, rmm }];
});

test('most switches are of an RMM of somebody', () => {
  expect(ofSomebody.length).toBeGreaterThan(45);
});

test.each(ofSomebody)('$id is named among all that somebody does otherwise', ({ id, deviation, rmm }) => {
  const compared = compare(scriptOf(id), rmm);
  expect(because(compared).includes(id)).toBe(seen(deviation));
  expect(compared.factors.map((factor) => factor.id)).toContain(id);
});

describe('two stacks', () => {
  const TOKEN = `
realm r { pages=2 }
enter $r.rec0
rsi MEASUREMENT_EXTEND 1 3 "abc" => SUCCESS
rsi ATTESTATION_TOKEN_INIT "challenge" => SUCCESS -> x1=most
rsi ATTESTATION_TOKEN_CONTINUE 0x1000 0 4096 => SUCCESS
`;

  test('that are the same have no difference and nothing to differ in', () => {
    expect(compare(TOKEN, REFERENCE)).toMatchObject({ differences: [], factors: [] });
  });

  test('differ in an order that the text leaves open, which is no divergence', () => {
    const { differences, factors } = compare('rmi RTT_CREATE 0x1 0x2 0x3 9', STACKS['tf-rmm-rel0'].setting);
    expect(differences.map(({ what, because: ids }) => [what, ...ids])).toEqual([
      ['condition', 'order RMI_RTT_CREATE'],
      ['x4', 'D1'],
    ]);
    const order = factors.find(({ id }) => id === 'order RMI_RTT_CREATE');
    expect(order).toMatchObject({ kind: 'order', deviation: undefined });
  });

  test('differ in measurements and claims when a REM is extended in another way', () => {
    const { differences, tokens } = compare(TOKEN, { ...REFERENCE, remFormula: 'spec-w' }, REFERENCE);
    // The machine of this test has one formula for all.
    expect(differences).toEqual([]);
    expect(tokens.a).toHaveLength(1);
    const other = compareStacks(parse(TOKEN), {
      a: REFERENCE,
      b: { ...REFERENCE, remFormula: 'spec-w' },
      evidence: [],
      machine: (mixture) => {
        const { commands, rmm } = rmmOf(mixture);
        return { ...options.base, commands, rmm: { ...rmm, remFormula: mixture.remFormula } };
      },
      claims,
    });
    expect(other.differences.map(({ kind, what, because: ids }) => [kind, what, ...ids])).toEqual([
      ['claim', 'realm/44239/0', 'rem-formula'],
      ['measurement', 'REM 1 of Realm 1', 'rem-formula'],
      ['claim', 'realm/44239/0 of Realm 1', 'rem-formula'],
    ]);
  });

  test('differ by several things together where none alone is enough', () => {
    // D1 keeps X4 and up of every call, L1 those of one: the first is taken away by the second in the other stack.
    const script = 'rmi GRANULE_DELEGATE 0x80001000 x4=0x44\nrealm r\nenter $r.rec0\nrsi MEASUREMENT_READ 0 x5=0x55';
    const compared = compare(script, withSwitches('D1', 'L1'));
    const ways = compared.differences.map(({ what, how, because: ids }) => `${what} ${how} ${ids}`);
    expect(ways).toContain('x4 each alone D1');
    expect(compared.differences.every(({ how }) => how !== 'unexplained')).toBe(true);
  });

  test('leave a script that makes the machine itself to nobody', () => {
    expect(() => compare('config "{}"', withSwitches('D2'))).toThrow(/config is the whole machine/);
  });

  test('go on after what one of them cannot do', () => {
    const { differences } = compare(
      'realm r\nenter $r.rec0 { flags=inject_sea }\nrsi VERSION 0x10000',
      withSwitches('D5'),
    );
    const texts = differences.map(({ what, a, b }) => [what, a, b]);
    expect(texts).toContainEqual(['result', 'entered', 'RMI_ERROR_REC']);
    expect(texts.some(([, , b]) => b?.startsWith('cannot be done: PE 0 is in no Realm') === true)).toBe(true);
  });

  test('take switches that a script turns itself into both', () => {
    const { differences } = compare('switch D1\nrmi GRANULE_DELEGATE 0x80001000 x4=0x44', withSwitches('D1'));
    expect(differences).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareTokens, type Difference, diffToJson, renderDiff } from '../../src/inspect/index.ts';
import { CATALOGUE, mutate, randomMutations } from '../../src/mutate/index.ts';
import { BASES, crypto, KEYS } from '../mutate/support/base.ts';
import { bytes, head, int, join, map } from '../support/cbor-writer.ts';
import { coseKey, type Forgery, fill, forge, platformPart, publicOf, RAK, realmPart } from '../support/forge.ts';

const told = (a: Uint8Array, b: Uint8Array) => compareTokens(a, b).differences;
const brief = (a: Uint8Array, b: Uint8Array): readonly string[] =>
  told(a, b).map(({ kind, place, what }) => `${place} ${kind}: ${what}`);
const between = (a: Forgery, b: Forgery): readonly string[] => brief(forge(a), forge(b));

describe('two tokens', () => {
  test('that are the same have no difference', () => {
    expect(compareTokens(forge(), forge())).toEqual({ same: true, sameValues: true, differences: [], remarks: [] });
    expect(renderDiff(compareTokens(forge(), forge()))).toBe('the same bytes\n');
  });

  test('of other values differ in the claim and in the signature', () => {
    const [claim, signature, ...rest] = told(forge(), forge({ platform: { 2395: int(0x3001) } }));
    expect(rest).toEqual([]);
    expect(claim).toMatchObject({
      kind: 'value',
      place: 'platform/2395',
      names: ['platform token', 'payload', 'lifecycle'],
      a: { text: '12291', meaning: '0x3003, secured', length: 6 },
      b: { text: '12289', meaning: '0x3001, secured', length: 6 },
    });
    expect(signature).toMatchObject({ kind: 'value', place: 'platform.signature' });
  });

  test('have the offsets of what differs, in both', () => {
    const key = int(2395);
    const [a, b] = [forge(), forge({ platform: { 2395: int(1), 2400: null } })];
    const sides = told(a, b).find(({ place }) => place === 'platform/2395');
    for (const [token, side] of [
      [a, sides?.a],
      [b, sides?.b],
    ] as const) {
      const { offset = 0 } = side ?? {};
      expect(token.subarray(offset, offset + key.length)).toEqual(key);
    }
  });

  test('may differ in what only one of them has', () => {
    expect(between({}, { platform: { 2401: null } })[0]).toBe('platform/2401 missing: only in A');
    expect(between({}, { realm: { 44243: int(0) } })[0]).toBe('realm/44243 missing: only in B');
    const rems = told(
      forge(),
      forge({ realm: { 44239: join(head(4, 3), ...[1, 2, 3].map((i) => bytes(fill(i, 32)))) } }),
    );
    expect(rems.map(({ place, kind }) => `${place} ${kind}`)).toContain('realm/44239/3 missing');
  });

  test('in other wrappers are compared within', () => {
    expect(between({}, { outer: 907, platform: { 2395: int(0x3001) } })).toEqual([
      'token form: tag 399, and tag 907',
      'platform.entry form: nothing around it, and an array',
      'platform/2395 value: another value',
      expect.stringContaining('platform.signature value'),
      'realm.entry form: nothing around it, and an array',
    ]);
  });

  test('in encoding alone say the same', () => {
    const narrow = map([int(2395), int(5)], [int(2396), bytes(fill(1, 32))]);
    const other = map([int(2396), bytes(fill(1, 32))], [join(head(0, 2395, 4)), join(head(0, 5, 2))]);
    expect(brief(narrow, other)).toEqual([
      'token encoding: its entries in another order',
      'token/2395 encoding: its key, written otherwise',
      'token/2395 encoding: the same value, written otherwise',
    ]);
    expect(compareTokens(narrow, other)).toMatchObject({ same: false, sameValues: true });
  });

  test('without a collection are told by whose they are', () => {
    expect(brief(platformPart(), platformPart({ platform: { 2395: int(1) } }))[0]).toBe(
      'platform/2395 value: another value',
    );
    expect(brief(realmPart(), realmPart({ realm: { 44238: bytes(fill(9, 32)) } }))[0]).toMatch(/^realm\/44238 value/);
  });

  test('with a private key in one name what it is', () => {
    const secret = coseKey(publicOf(RAK));
    expect(secret[0]).toBe(0xa0 + 4);
    const [first] = told(
      forge(),
      forge({ realm: { 44237: bytes(join(head(5, 5), secret.subarray(1), int(-4), int(1))) } }),
    );
    expect(first?.names.at(-1)).toBe('d, the private part');
  });

  test('that are cut off or followed by something say where', () => {
    const token = forge();
    expect(brief(token, join(token, int(0)))).toEqual(['token reading: reading stops in B']);
    const [stop] = told(token, join(token, int(0)));
    expect(stop).toMatchObject({
      a: undefined,
      b: { offset: token.length, length: 1, text: '1 byte follows the item' },
    });
    expect(told(token, token.subarray(0, -1)).map(({ place }) => place)).toContain('realm.signature');
  });

  test('say whether the signature goes with what is signed', () => {
    const token = forge();
    const { remarks } = compareTokens(token, forge({ platform: { 2395: int(1) } }));
    expect(remarks).toEqual([]);
    const flip = (at: number) => token.with(at, (token[at] ?? 0) ^ 1);
    expect(compareTokens(token, flip(token.length - 1)).remarks).toEqual([
      { place: 'realm.signature', says: 'the same is signed, and the signature is another' },
    ]);
    const { a } = told(token, forge({ realm: { 44238: bytes(fill(9, 32)) } }))[0] ?? {};
    expect(compareTokens(token, flip((a?.offset ?? 0) + 10)).remarks).toEqual([
      { place: 'realm.signature', says: 'what is signed differs, and the signature is the same' },
    ]);
  });

  test('are shown as text and as JSON', () => {
    const compared = compareTokens(forge(), forge({ outer: 907 }));
    const text = renderDiff(compared);
    expect(text).toContain('token: tag 399, and tag 907\n  A  0000  399(…)');
    expect(text).toMatch(/\n3 differences; nothing here is verified\n$/);
    const json = JSON.parse(JSON.stringify(diffToJson(compared)));
    expect(json.differences.map(({ place }: { place: string }) => place)).toEqual([
      'token',
      'platform.entry',
      'realm.entry',
    ]);
  });
});

/** What a place stands in, from the outermost item on, and itself. */
const within = (place: string): readonly string[] => {
  const entries = { 'collection/44234': 'platform.entry', 'collection/44241': 'realm.entry' } as const;
  const [head = '', ...labels] = place.split('/');
  const [part, member] = head.split('.');
  const path = (from: string): readonly string[] => labels.map((_, i) => [from, ...labels.slice(0, i + 1)].join('/'));
  if (part !== 'platform' && part !== 'realm') {
    const known = path(head).map((each) => entries[each as keyof typeof entries] ?? each);
    return head === 'token' ? [head, ...known] : ['token', 'collection', ...known];
  }
  const around = ['token', 'collection', `${part}.entry`, `${part}.message`, `${part}.array`];
  if (member === undefined) return [...around, `${part}.payload`, part, ...path(part)];
  return around.includes(head) ? around.slice(0, around.indexOf(head) + 1) : [...around, head, ...path(head)];
};

/** Whether a difference names what stands at a place: it, something in it, or that what holds it is not there as it was. */
const names = ({ place, kind }: Difference, at: string): boolean => {
  const isIn = within(place).includes(within(at).at(-1) ?? '');
  const holds = within(at).includes(place);
  return isIn || (holds && ['form', 'missing', 'reading'].includes(kind));
};

/** Edits that set what is there already, so that nothing of them can be seen. */
const WITHOUT_EFFECT = new Set([
  'R16 realm/44236',
  'R70 realm/44236',
  'R109 realm/44236',
  'P122 platform/2394',
  'W56 platform/256',
]);
/** The raw key is bound by what its byte string holds, however wide the head of it is. */
const OF_RAW_KEY = 'W02 platform/10';

const edited: string[] = [];

// The oldest and the newest: the others are made of the same parts.
describe.each(['rmm-1.0-legacy', 'draft-04'] as const)('from a token of dialect %s', (dialect) => {
  const options = { crypto, base: BASES[dialect], keys: KEYS, seed: 'diff' };

  test.each(CATALOGUE)('$id, $change, is named by a difference', (mutation) => {
    const { token, edits } = mutate(options, mutation);
    const { form } = mutation;
    const from = form === undefined ? options.base.token : mutate(options, { id: 'form', form }).token;
    const differences = told(from, token);
    for (const { at } of edits) {
      if (typeof at !== 'string') continue;
      const edit = `${mutation.id} ${at}`;
      edited.push(edit);
      const hasEffect = !WITHOUT_EFFECT.has(edit) && (edit !== OF_RAW_KEY || dialect !== 'rmm-1.0-legacy');
      const found = differences.filter((each) => names(each, at)).map(({ place }) => place);
      expect([edit, found.length > 0, found]).toEqual([edit, hasEffect, found]);
    }
  });
});

test('most of the catalogue names a place, and so does each edit without effect', () => {
  expect(edited.length).toBeGreaterThan(2 * 300);
  expect([...WITHOUT_EFFECT, OF_RAW_KEY].filter((edit) => !edited.includes(edit))).toEqual([]);
});

describe('any two byte strings', () => {
  const token = forge();

  test('have a difference exactly when they are not the same, and none of it throws', () => {
    const some = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.nat({ max: token.length }).map((size) => token.subarray(0, size)),
      fc.uint8Array({ maxLength: 8 }).map((more) => join(token, more)),
    );
    fc.assert(
      fc.property(some, some, (a, b) => {
        const { same, differences } = compareTokens(a, b);
        expect(same).toBe(Buffer.compare(a, b) === 0);
        expect(differences.length === 0).toBe(same);
        expect(renderDiff(compareTokens(a, b)).length).toBeGreaterThan(0);
      }),
    );
  });

  test('that differ in one bit have a difference there', () => {
    fc.assert(
      fc.property(fc.nat({ max: 8 * token.length - 1 }), (bit) => {
        const at = bit >> 3;
        const other = token.with(at, (token[at] ?? 0) ^ (1 << (bit & 7)));
        const covers = told(token, other).some(({ kind, a, b }) =>
          [a, b].some((side) => {
            if (side === undefined) return false;
            // Reading goes on behind what makes it stop.
            return at < side.offset + side.length && (side.offset <= at || kind === 'reading');
          }),
        );
        expect(covers).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('are compared in time that grows with them, however they are nested', () => {
    const deep = (byte: number) => join(new Uint8Array(100_000).fill(0x81), Uint8Array.of(byte));
    const wide = (byte: number) => join(head(4, 100_000), new Uint8Array(100_000).fill(byte));
    const long = (byte: number) => bytes(fill(byte, 1_000_000));
    for (const make of [deep, wide, long]) expect(told(make(1), make(2)).length).toBeGreaterThan(0);
  });
});

test('mutations that are drawn at random are seen', () => {
  const options = { crypto, base: BASES['rmm-1.0'], keys: KEYS, seed: 'compare' };
  const nth = randomMutations(options);
  for (let i = 0; i < 100; i += 1) {
    const { token } = mutate(options, nth(i));
    expect(compareTokens(options.base.token, token).same).toBe(Buffer.compare(options.base.token, token) === 0);
  }
});

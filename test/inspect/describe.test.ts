import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeToken, descriptionToJson, lines, renderText, tokenFileBytes } from '../../src/inspect/index.ts';
import { array, bytes, head, indefinite, int, join, map, tag, text } from '../support/cbor-writer.ts';
import {
  coseKey,
  deviceClaims,
  type Forgery,
  fill,
  forge,
  platformPart,
  publicOf,
  RAK,
  rawPoint,
  realmPart,
  record,
} from '../support/forge.ts';

/** The lines of a rendering, without offsets and indentation. */
const notation = (token: Uint8Array): readonly string[] => lines(describeToken(token)).map(({ text }) => text);
const comments = (token: Uint8Array): string => renderText(describeToken(token));

describe('a token is shown as annotated diagnostic notation', () => {
  const token = forge({ year: '2024', entries: { 44258: record(deviceClaims(), 601) } });
  const shown = renderText(describeToken(token));

  test('with the name and the meaning of what is known', () => {
    for (const line of [
      '907(  / CCA token: collection of CMW records /',
      '44234: [  / platform token: 2 entries /',
      '263,  / application|eat+cwt /',
      '1: -35  / alg: ES384 /',
      '2395: 12291,  / lifecycle: 0x3003, secured /',
      '1: "BL1",  / type /',
      '44243: 0,  / MEC policy: shared /',
      '-1: 2,  / crv: P-384 /',
      '/ REM 4: 32 bytes /',
      '601,  / application|uccs+cbor /',
      '/ identity digest: 32 bytes /',
      '/ signature: 96 bytes /',
    ]) {
      expect(shown).toContain(line);
    }
  });

  test('with the offset of every item', () => {
    const description = describeToken(token);
    for (const { offset, text: line } of lines(description)) {
      const key = /^(\d+): /.exec(line)?.[1];
      if (offset === undefined || key === undefined) continue;
      const expected = int(Number(key));
      expect(token.subarray(offset, offset + expected.length), line).toEqual(expected);
    }
    expect(shown).toMatch(/^0000 {2}907\(/m);
  });

  test('with all of its bytes beside it, once', () => {
    const hex = renderText(describeToken(token), { hex: true });
    const column = hex.split('\n').flatMap((line) => {
      const bytesOf = /^(?:[0-9a-f]{4}| {4}) {2}((?:[0-9a-f]{2} )*[0-9a-f]{2})(?: {2}|$)/.exec(line)?.[1];
      return bytesOf === undefined ? [] : bytesOf.split(' ');
    });
    expect(column.map((pair) => Number.parseInt(pair, 16))).toEqual([...token]);
  });

  test('and is balanced', () => {
    const count = (pattern: RegExp): number => notation(token).join('\n').match(pattern)?.length ?? 0;
    for (const [open, close] of [
      [/\{/g, /\}/g],
      [/\[/g, /\]/g],
      [/\(/g, /\)/g],
      [/<</g, />>/g],
    ] as const) {
      expect(count(open)).toBe(count(close));
    }
  });
});

describe('the dialect', () => {
  const profile = (f: Forgery) => {
    const { dialect, also, differences } = describeToken(forge(f));
    return { dialect, also, differences };
  };
  test.each<[string, Forgery]>([
    ['rmm-1.0', {}],
    ['rmm-1.0-legacy', { year: 'legacy' }],
    ['rmm-1.1', { outer: 907, realm: { 44243: text('shared') } }],
    ['tf-rmm-main', { year: '2023', realmYear: '2024', outer: 907 }],
    ['rmm-2.0', { year: '2024' }],
    ['draft-04', { year: '2026' }],
    ['draft-04', { year: '2026', platform: { 265: text('tag:arm.com,2026:cca_platform#2.1.0;delegated') } }],
  ])('%s is recognised to the letter', (dialect, forgery) => {
    expect(profile(forgery)).toEqual({ dialect, also: [], differences: [] });
  });

  test('is the nearest one, with what differs', () => {
    expect(profile({ year: 'legacy', outer: 907 })).toEqual({
      dialect: 'rmm-1.0-legacy',
      also: [],
      differences: ['outer tag: 907, where rmm-1.0-legacy has 399'],
    });
    expect(profile({ year: 'legacy', realmYear: '2023' })).toEqual({
      dialect: 'rmm-1.0',
      also: [],
      differences: ['platform profile: legacy, where rmm-1.0 has 2023'],
    });
    expect(profile({ rak: rawPoint(publicOf(RAK)) }).differences).toEqual([
      'form of the RAK (44237): raw, where rmm-1.0 has COSE_Key',
    ]);
  });

  test('of a platform token alone may be several', () => {
    const { dialect, also, why } = describeToken(platformPart());
    expect([dialect, also]).toEqual(['rmm-1.0', ['rmm-1.1', 'tf-rmm-main']]);
    expect(why).toEqual(['platform profile: 2023', 'binding claim: 10']);
  });

  test('of an unknown profile is none', () => {
    const unknown = forge({ platform: { 265: text('x') }, realm: { 265: text('y') } });
    expect(describeToken(unknown).dialect).toBeUndefined();
    expect(renderText(describeToken(unknown))).toContain('/ dialect: none that is known /');
  });

  test('does not take a claim for absent that was cut off', () => {
    const { features } = describeToken(forge().subarray(0, -150));
    expect([features.realmProfile, features.mec]).toEqual(['2023', undefined]);
  });
});

describe('the shape', () => {
  const claims = map([44238, bytes(fill(32, 1))]);
  test.each([
    ['cca', forge()],
    ['cca', tag(55799, forge())],
    ['cca', map([44234, bytes(platformPart())])],
    ['platform', platformPart()],
    ['platform', platformPart({ platformDraft: { tag: null } })],
    ['realm', realmPart()],
    ['claims', claims],
    ['cose', tag(18, array(bytes(map()), map(), bytes(map()), bytes(fill(4, 1))))],
    ['cbor', map([1, int(1)])],
    ['cbor', int(1)],
    ['nothing', new Uint8Array()],
    ['nothing', Uint8Array.of(0xff)],
    ['nothing', new Uint8Array((1 << 20) + 1)],
  ])('%s', (shape, token) => {
    expect(describeToken(token).shape).toBe(shape);
  });
});

describe('a broken token is shown as far as it goes', () => {
  test('cut inside a claim', () => {
    const token = forge();
    const cut = token.subarray(0, 200);
    const { stops, shape } = describeToken(cut);
    expect(shape).toBe('cca');
    expect(stops.at(-1)?.offset).toBe(200);
    expect(comments(cut)).toMatch(/! \d+ of \d+ bytes are missing/);
    expect(comments(cut)).toContain('/ profile /');
  });

  test('with rubbish in one entry, and goes on behind it', () => {
    const token = forge({ entries: { 44234: bytes(Uint8Array.of(0xd2, 0x84, 0xff, 0)) } });
    const { stops } = describeToken(token);
    expect(stops).toEqual([{ offset: 10, reason: 'a break stands where an item must' }]);
    expect(comments(token)).toContain('/ ! stopped: a break stands where an item must /');
    expect(comments(token)).toContain('initial measurement (RIM)');
  });

  test('with bytes behind the item', () => {
    expect(describeToken(join(forge(), int(0))).stops).toEqual([
      { offset: forge().length, reason: '1 byte follows the item' },
    ]);
  });

  test('with what is unwelcome marked', () => {
    const odd = forge({
      platform: { 2396: indefinite(bytes(fill(32, 1))), 2400: Uint8Array.of(0x62, 0xc3, 0x28), 2395: int(0x3003, 8) },
    });
    const shown = comments(odd);
    expect(shown).toContain('implementation id: 32 bytes: ! indefinite length');
    expect(shown).toContain('verification service: ! not UTF-8');
    expect(shown).toContain('2395: 12291_3');
    const twice = map([44238, bytes(fill(32, 1))], [int(44238, 4), bytes(fill(32, 2))]);
    expect(comments(twice)).toContain('! duplicate key');
  });

  test('without control characters of the token', () => {
    const shown = renderText(describeToken(forge({ platform: { 2400: text('\u001b[2J\u202e\u0007') } })));
    expect(shown).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

describe('any bytes are shown', () => {
  const total = (token: Uint8Array): void => {
    const description = describeToken(token);
    expect(renderText(description, { hex: true }).length).toBeGreaterThan(0);
    expect(() => JSON.stringify(descriptionToJson(description))).not.toThrow();
  };

  test('random ones, and tokens with random bytes changed', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2048 }), total), { numRuns: 1000 });
    const base = forge({ year: '2024', entries: { 44258: record(deviceClaims(), 601) } });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { maxLength: 6 }), (edits) => {
        const token = Uint8Array.from(base);
        for (const [at, byte] of edits) token[at] = byte;
        total(token);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['arrays ten thousand deep', join(new Uint8Array(10_000).fill(0x81), int(0))],
    ['byte strings in byte strings', Array.from({ length: 30 }).reduce<Uint8Array>((inner) => bytes(inner), int(0))],
    ['an array of half a million', join(head(4, 500_000, 4), new Uint8Array(500_000))],
    ['a string of 2^60 bytes', join(Uint8Array.of(0x5b, 0x10), new Uint8Array(7))],
    ['a long string', bytes(new Uint8Array(500_000))],
    ['indefinite strings of many pieces', join(Uint8Array.of(0x5f), new Uint8Array(100_000).fill(0x40))],
  ])('%s, with little', (_, token) => {
    const start = performance.now();
    total(token);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(renderText(describeToken(token)).length).toBeLessThan(4 << 20);
  });
});

test('JSON holds the same', () => {
  const json = JSON.parse(JSON.stringify(descriptionToJson(describeToken(platformPart()))));
  expect(json).toMatchObject({
    shape: 'platform',
    dialect: 'rmm-1.0',
    stops: [],
    token: { offset: 0, type: 'tag', value: 18, meaning: 'COSE_Sign1', members: [{ type: 'array' }] },
  });
  const claims = json.token.members[0].members[2].members[0].members;
  const lifecycle = claims.find(({ name }: { name: string }) => name === 'lifecycle');
  expect(lifecycle).toMatchObject({ key: 2395, type: 'uint', value: 0x3003, meaning: '0x3003, secured' });
});

describe('a token file', () => {
  const token = forge();
  const utf8 = (content: string): Uint8Array => new TextEncoder().encode(content);
  const base64 = globalThis.Buffer.from(token).toString('base64');
  const hex = globalThis.Buffer.from(token).toString('hex');
  test.each([
    ['binary', token],
    ['hex', utf8(hex.replace(/(.{64})/g, '$1\n'))],
    ['hex', utf8(hex.toUpperCase())],
    ['base64', utf8(`${base64.replace(/(.{64})/g, '$1\r\n')}\n`)],
    ['base64', utf8(globalThis.Buffer.from(token).toString('base64url'))],
  ])('may be %s', (form, file) => {
    expect(tokenFileBytes(file)).toEqual({ bytes: token, form });
  });

  test('that is another text is left as it is', () => {
    for (const file of [utf8('not a token!'), new Uint8Array(), utf8(' \n'), coseKey(publicOf(RAK))]) {
      expect(tokenFileBytes(file)).toEqual({ bytes: file, form: 'binary' });
    }
  });
});

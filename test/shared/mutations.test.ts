import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toHex } from '../../src/bytes/index.ts';
import { verify } from '../../src/cli/commands/verify.ts';
import { EXIT } from '../../src/cli/exit.ts';
import { fromBase64Url } from '../../src/crypto/index.ts';
import { nodeCrypto as crypto } from '../../src/crypto/node.ts';
import { type BaseToken, CATALOGUE, keyRing, mutate, mutationOf } from '../../src/mutate/index.ts';
import { DIALECTS } from '../../src/token/index.ts';
import {
  type Finding,
  referenceValuesOf,
  referenceValuesToJson,
  type VerifyOptions,
  verifyToken,
} from '../../src/verify/index.ts';
import { runCommand } from './support/command.ts';
import { decisionOf, MUST_FAIL, MUST_PASS, OPEN, POLICY, PROPOSED_IDS, SHEET_IDS } from './support/sheet.ts';

/** The catalogue and the verifier against the sheet of mutations, and against the tokens that come with it. */
const folder = join(resolve(process.env['SWCCA_SHARED'] ?? '../shared'), 'vectors/tokens');
const read = (name: string): Uint8Array => Uint8Array.from(readFileSync(join(folder, name)));
const json = (name: string) => JSON.parse(new TextDecoder().decode(read(name)));
const scalar = (name: string): Uint8Array => fromBase64Url(json(name).d) ?? new Uint8Array();

const token = read('mutations/V01.cbor');
const keys = {
  cpak: { curve: 'P-384', scalar: scalar('coco-trustee/misc/cpak-priv.json') },
  rak: { curve: 'P-384', scalar: scalar('coco-trustee/misc/rak-priv.json') },
} as const;
const ring = keyRing(crypto, keys, 'shared');
const key = ring.public('cpak');
const { claims } = verifyToken(token, { crypto, key });
const base: BaseToken = {
  token,
  dialect: { ...DIALECTS['rmm-1.0'], platformOrder: 'sample', componentOrder: 'sample', realmOrder: 'sample' },
  challenge: claims.realm?.challenge ?? new Uint8Array(64),
  keys,
};
const reference = referenceValuesOf(claims);
/** Rows about identity are right in themselves: what the base token says tells them apart. */
const optionsFor = (id: string): VerifyOptions => ({
  crypto,
  key,
  ...(id.startsWith('X') ? { reference, challenge: base.challenge } : {}),
});

const ours = (id: string): Uint8Array => {
  const mutation = mutationOf(id);
  if (mutation === undefined) throw new Error(`${id} is missing`);
  return mutate({ crypto, base, keys: ring, seed: 'shared' }, mutation).token;
};
const shipped = SHEET_IDS.filter((id) => existsSync(join(folder, `mutations/${id}.cbor`)));
const fileOf = (id: string): string => join(folder, `mutations/${id}.cbor`);

describe('the sheet', () => {
  test('has 226 rows with a verdict each, and proposes more', () => {
    const ids: readonly string[] = json('mutations/verdicts.json').map(({ id }: { id: string }) => id);
    expect(SHEET_IDS.length).toBe(226);
    expect(SHEET_IDS.toSorted()).toEqual(ids.toSorted());
    expect(PROPOSED_IDS.length).toBe(13);
  });

  test('puts each row in one class', () => {
    for (const id of SHEET_IDS) {
      expect([id, [MUST_FAIL, MUST_PASS, OPEN].filter((ids) => ids.has(id)).length]).toEqual([id, 1]);
    }
  });

  test('has no row that the catalogue lacks', () => {
    const known = new Set(CATALOGUE.map(({ id }) => id));
    expect([...SHEET_IDS, ...PROPOSED_IDS].filter((id) => !known.has(id))).toEqual([]);
  });

  test('has no class for a row that docs/policy.md decides otherwise', () => {
    expect([...MUST_FAIL, ...MUST_PASS].filter((id) => POLICY.has(id))).toEqual([]);
  });

  test('is followed by the verdicts of the catalogue', () => {
    const of = (id: string) => mutationOf(id)?.verdict;
    expect([...MUST_FAIL].filter((id) => of(id) !== 'must-reject')).toEqual([]);
    expect([...MUST_PASS].filter((id) => of(id) !== 'must-accept')).toEqual([]);
    expect([...OPEN].filter((id) => of(id) === 'must-reject')).toEqual([]);
  });
});

/** Holds a judgement to the class of its row. */
const expectDecision = (id: string, accepted: boolean, findings: readonly Finding[]): void => {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const decision = decisionOf(id);
  expect([id, decision, accepted, errors.length > 0]).toEqual([
    id,
    decision,
    decision !== 'refused',
    decision === 'refused',
  ]);
};

describe('a row of the catalogue has the class that the sheet gives it', () => {
  test.each(SHEET_IDS)('%s', (id) => {
    const bytes = ours(id);
    const { accepted, findings } = verifyToken(bytes, optionsFor(id));
    expectDecision(id, accepted, findings);
    if (OPEN.has(id)) {
      const strict = verifyToken(bytes, { ...optionsFor(id), strict: true }).accepted;
      expect([id, strict]).toEqual([id, decisionOf(id) === 'accepted']);
    }
  });
});

describe('a row finds in our token what it finds in the one of the sheet', () => {
  test.each(shipped)('%s', (id) => {
    const findings = (bytes: Uint8Array): readonly string[] =>
      [...new Set(verifyToken(bytes, optionsFor(id)).findings.map(({ code, path }) => `${code} ${path}`))].sort();
    expect(findings(ours(id))).toEqual(findings(read(`mutations/${id}.cbor`)));
  });
});

describe('swcca verify --key gives a token of the sheet its class', () => {
  let scratch = '';
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'swcca-test-sheet-'));
    writeFileSync(join(scratch, 'reference.json'), JSON.stringify(referenceValuesToJson(reference)));
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  /** What is no token at all is no question of trust: unreadable input, as it is for every command. */
  const UNREADABLE = ['B06', 'L21'];

  interface Answer {
    readonly accepted: boolean;
    readonly findings: readonly Finding[];
  }

  test.each(shipped)('%s', async (id) => {
    const identity = [
      '--reference',
      join(scratch, 'reference.json'),
      '--challenge',
      toHex(claims.realm?.challenge ?? new Uint8Array()),
    ];
    const anchor = join(folder, 'coco-trustee/misc/cpak-pub.json');
    const args = [fileOf(id), '--json', '--key', anchor, ...(id.startsWith('X') ? identity : [])];
    const { code, json: said } = await runCommand(verify, args);
    const answer = said as Answer | undefined;
    if (UNREADABLE.includes(id)) {
      expect([decisionOf(id), code, answer]).toEqual(['refused', EXIT.usage, undefined]);
      return;
    }
    if (answer === undefined) throw new Error(`${id}: no answer, exit ${code}`);
    expectDecision(id, answer.accepted, answer.findings);
    expect(code).toBe(answer.accepted ? EXIT.ok : EXIT.no);
  });
});

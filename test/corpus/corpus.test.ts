import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/bytes/index.ts';
import {
  CORPUS_FORMAT,
  commonFiles,
  corpusReadme,
  KEY_ENDINGS,
  KEY_NAMES,
  type Listed,
  listed,
  manifestWriter,
  type Parameters,
  planCorpus,
  positionsOf,
  remembering,
  type Selection,
  type SignAll,
  signOneByOne,
  tokenMaker,
  unknownIds,
} from '../../src/corpus/index.ts';
import { signBatch } from '../../src/crypto/batch.ts';
import { CATALOGUE, keyRing, type SignatureRequest } from '../../src/mutate/index.ts';
import { parseKeyFile, parseReferenceValues, verifyToken } from '../../src/verify/index.ts';
import { crypto } from '../mutate/support/base.ts';
import { SOURCE } from './support.ts';

const idsOf = (selection: Selection): readonly string[] => {
  const plan = planCorpus(selection);
  return Array.from({ length: plan.size }, (_, i) => plan.at(i).id);
};

describe('a corpus has', () => {
  const all = CATALOGUE.map(({ id }) => id);

  test('the catalogue in its order', () => {
    expect(idsOf({})).toEqual(all);
  });

  test.each([
    [{ only: ['N02', 'C01'] }, ['C01', 'N02']],
    [{ random: 3 }, ['random-1', 'random-2', 'random-3']],
    [{ only: ['C01'], random: 2 }, ['C01', 'random-1', 'random-2']],
    [{ only: ['C01', 'C03'], count: 1 }, ['C01']],
    [{ only: ['C01', 'C03'], count: 5 }, ['C01', 'C03', 'C01.2', 'C03.2', 'C01.3']],
    [{ only: ['C01'], random: 2, count: 5 }, ['C01', 'random-1', 'random-2', 'C01.2', 'random-3']],
    [{ only: ['nothing'] }, []],
  ] as const)('for %j %j', (selection, ids) => {
    expect(idsOf(selection)).toEqual(ids);
  });

  test('no two tokens of one id', () => {
    const ids = idsOf({ only: all.slice(0, 20), random: 7, count: 1000 });
    expect(new Set(ids).size).toBe(1000);
  });

  test('every position in exactly one shard', () => {
    for (const of of [1, 2, 3, 7, 1000]) {
      const plan = planCorpus({});
      const positions = Array.from({ length: of }, (_, i) => [...positionsOf(plan, { index: i + 1, of })]);
      expect(positions.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: plan.size }, (_, i) => i));
      const sizes = positions.map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });

  test('no ids that there are not', () => {
    expect(unknownIds(['C01', 'X99', 'c01'])).toEqual(['X99', 'c01']);
  });
});

describe('a token', () => {
  const SELECTION = { only: ['V01', 'C01', 'R06', 'N02', 'P08'], random: 20, count: 60 };
  const plan = planCorpus(SELECTION);
  const planned = Array.from({ length: plan.size }, (_, i) => plan.at(i));
  const together = tokenMaker(crypto, SOURCE, signOneByOne(crypto))(planned);

  test('is the same wherever and with whatever others it is made', () => {
    for (const i of [3, 17, 29, 59]) {
      const [alone] = tokenMaker(crypto, SOURCE, signOneByOne(crypto))(planned.slice(i, i + 1));
      expect(alone).toEqual(together[i]);
    }
  });

  test('is the same when many are signed together and signatures are kept', () => {
    const sign = remembering(crypto, (requests) => signBatch(crypto, requests));
    const make = tokenMaker(crypto, SOURCE, sign);
    expect([0, 7, 30].flatMap((from, i, all) => make(planned.slice(from, all[i + 1])))).toEqual(together);
  });

  test('is described by its own digest, and answers the challenge beside it', () => {
    for (const { token, description } of together) {
      expect(description.sha256).toBe(toHex(crypto.hash('sha-256').digest(token)));
      expect(description.bytes).toBe(token.length);
    }
    const good = together.filter(({ id }) => id.startsWith('V01'));
    expect(good.length).toBeGreaterThan(1);
    expect(new Set(good.map(({ description }) => description.challenge)).size).toBe(good.length);
    for (const { token, description } of good) {
      const challenge = Uint8Array.from(Buffer.from(description.challenge, 'hex'));
      const key = keyRing(crypto, SOURCE.base.keys, SOURCE.seed).public('cpak');
      expect(verifyToken(token, { crypto, key, challenge }).accepted).toBe(true);
    }
  });

  test('comes out of the machine as it is, or is edited', () => {
    const origins = together.map(({ id, description }) => [id, description.origin]);
    expect(origins.slice(0, 2)).toEqual([
      ['V01', 'rsi'],
      ['C01', 'edited'],
    ]);
    expect(new Set(origins.slice(1).map(([, origin]) => origin))).toEqual(new Set(['edited']));
    const [again] = tokenMaker(crypto, { ...SOURCE, edited: true }, signOneByOne(crypto))(planned.slice(0, 1));
    expect(again?.description.origin).toBe('edited');
  });
});

test('a message that was signed lately is not signed again', () => {
  const asked: number[] = [];
  const sign: SignAll = (requests) => {
    asked.push(requests.length);
    return requests.map(({ message }) => message);
  };
  const key = SOURCE.base.keys.cpak;
  const request = (byte: number): SignatureRequest => ({ algorithm: 'ES384', key, message: Uint8Array.of(byte) });
  const remembered = remembering(crypto, sign);
  expect(remembered([request(1), request(2), request(1)]).map(([byte]) => byte)).toEqual([1, 2, 1]);
  expect(remembered([request(2), request(3)]).map(([byte]) => byte)).toEqual([2, 3]);
  expect(remembered([{ ...request(2), key: SOURCE.base.keys.rak }]).map(([byte]) => byte)).toEqual([2]);
  expect(asked).toEqual([2, 1, 1]);
});

describe('beside the tokens', () => {
  const reference = {
    version: 1,
    implementation_id: 'ab'.repeat(32),
    rim: 'cd'.repeat(32),
    config: 'ee',
    components: [{ measurement_value: '11'.repeat(32) }, { measurement_value: '22'.repeat(32) }],
  };
  const files = new Map(commonFiles(crypto, SOURCE, reference, 'made for tests'));
  const read = (name: string): Uint8Array => {
    const data = files.get(name);
    if (data === undefined) throw new Error(`no ${name}`);
    return typeof data === 'string' ? Buffer.from(data) : data;
  };

  test('every key is there in every form', () => {
    for (const name of Object.values(KEY_NAMES)) {
      for (const ending of Object.values(KEY_ENDINGS)) expect(files.has(`${name}${ending}`)).toBe(true);
    }
    const forms = Object.values(KEY_ENDINGS).map((ending) => parseKeyFile(read(`cpak${ending}`), crypto));
    const [pem, jwk, cose] = forms.map((parsed) => (parsed.ok ? [toHex(parsed.key.x), toHex(parsed.key.y)] : parsed));
    expect([pem, jwk]).toEqual([cose, cose]);
  });

  test('every key file that can says whose it is', () => {
    expect(Buffer.from(read('cpak.pem')).toString()).toMatch(/^made for tests\n-----BEGIN PUBLIC KEY-----/);
    expect(JSON.parse(Buffer.from(read('cpak.jwk.json')).toString())).toMatchObject({ kid: 'made for tests' });
  });

  test('no file holds a private key', () => {
    const scalars = [SOURCE.base.keys.cpak, SOURCE.base.keys.rak].map(({ scalar }) => Buffer.from(scalar));
    for (const [, data] of files) {
      const bytes = Buffer.from(data);
      for (const scalar of scalars) {
        expect(bytes.includes(scalar)).toBe(false);
        expect(bytes.includes(scalar.toString('base64url'))).toBe(false);
      }
      expect(bytes.toString('latin1')).not.toMatch(/PRIVATE KEY|"d":/);
    }
  });

  test('reference values differ as they are named', () => {
    const json = (name: string) => JSON.parse(Buffer.from(read(`reference-values${name}.json`)).toString());
    expect(json('')).toEqual(reference);
    expect(json('.without-rim').rim).toBeUndefined();
    expect(json('.other-implementation').implementation_id).not.toBe(reference.implementation_id);
    expect(json('.swapped-digests').components).toEqual([
      { measurement_value: '22'.repeat(32) },
      { measurement_value: '11'.repeat(32) },
    ]);
    for (const name of ['', '.without-rim', '.other-implementation']) {
      expect(parseReferenceValues(JSON.stringify(json(name))).ok).toBe(true);
    }
  });
});

const PARAMETERS: Parameters = {
  format: CORPUS_FORMAT,
  swcca: '1.2.3',
  keys: 'made for tests',
  seed: 'corpus',
  dialect: 'rmm-1.0',
  synthetic: false,
  stack: 'reference',
  switches: {},
  base_sha256: 'ab'.repeat(32),
  base_origin: 'rsi',
  challenge: 'cd'.repeat(64),
  selection: { only: ['C01', 'V01'] },
  count: 2,
};
const schema = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url), 'utf8'));

describe('a manifest', () => {
  const written = (tokens: readonly Listed[]): unknown => {
    let text = '';
    const manifest = manifestWriter(PARAMETERS, (piece) => {
      text += piece;
    });
    for (const token of tokens) manifest.add(token);
    manifest.end();
    return JSON.parse(text);
  };
  const plan = planCorpus({ only: ['C01', 'V01'] });
  const made = tokenMaker(crypto, SOURCE, signOneByOne(crypto))([plan.at(0), plan.at(1)]);

  test.each([0, 1, 2])('of %i tokens has its published schema', (count) => {
    const validate = new Ajv2020().compile(schema('corpus-manifest'));
    const manifest = written(made.slice(0, count).map(({ description }) => listed(description)));
    expect([validate(manifest), validate.errors]).toEqual([true, null]);
    expect(manifest).toMatchObject({ swcca: '1.2.3', tokens: made.slice(0, count).map(({ id }) => ({ id })) });
  });

  test('counts verdicts', () => {
    expect(written(made.map(({ description }) => listed(description)))).toMatchObject({
      verdicts: { 'must-reject': 1, 'must-accept': 1, policy: 0, unknown: 0 },
    });
  });

  test('says the same as the parameters of the corpus', () => {
    const { format: _, ...parameters } = PARAMETERS;
    expect(written([])).toMatchObject(parameters);
    const validate = new Ajv2020().compile(schema('corpus'));
    expect([validate(PARAMETERS), validate.errors]).toEqual([true, null]);
  });
});

test('the README says whose keys they are', () => {
  expect(corpusReadme(PARAMETERS)).toContain('made for tests');
});

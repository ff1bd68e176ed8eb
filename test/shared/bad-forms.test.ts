import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { BAD_FORMS, type BadForm, endorsementFiles } from '../../src/endorse/index.ts';
import { parseCorim } from '../../src/verify/index.ts';
import { signer, subject } from '../endorse/support/subject.ts';

/** The wrong endorsements that the sheet lists, row by row, against those that swcca endorse writes. */
const shared = resolve(process.env['SWCCA_SHARED'] ?? '../shared');
const sheet = readFileSync(join(shared, 'spec/endorsements.md'), 'utf8');
const forms: Readonly<Record<string, BadForm>> = BAD_FORMS;

/** The names of a cell: the first in full, the others by their ends, which replace an end of the first. */
const namesIn = (cell: string): readonly string[] => {
  const [first = '', ...ends] = cell.split(' / ');
  const names = [first];
  for (const end of ends) {
    const beginnings = first.split('-').map((_, i, parts) => parts.slice(0, i + 1).join('-'));
    const name = beginnings.map((each) => each + end).find((each) => each in forms && !names.includes(each));
    names.push(name ?? `${first} / ${end}`);
  }
  return names;
};

/** Rows of the table of errors at loading: a name, and what its error contains, one for all or one for each. */
const rows = [...sheet.matchAll(/^\| ((?:platform|realm)-bad-[^|]*?) \| (.*?) \|$/gm)].flatMap(
  ([, cell = '', texts = '']) => {
    const errors = [...texts.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
    return namesIn(cell).map((name, i) => ({ name, error: errors[i] ?? errors[0] ?? '' }));
  },
);

test('the sheet has rows, and each of their names is read', () => {
  expect(rows.length).toBeGreaterThanOrEqual(15);
});

test.for(rows)('$name can be written, and its error is the one of the sheet', ({ name, error }) => {
  expect(forms[name]).toMatchObject({ class: 'load', error: expect.stringContaining(error) });
});

/** What the sheet says in sentences, and the forms that break it. */
const SENTENCES = {
  'implementation id exactly 32 bytes': ['platform-bad-impl-id'],
  'UEID exactly 33 with first byte 0x01': ['platform-bad-ta-ueid'],
  'signer 32/48/64': ['platform-bad-refval-signer-size'],
  'digest 32/48/64': ['platform-bad-refval-digest-size', 'realm-bad-rim-size'],
  'at least one component': ['platform-bad-refval-no-component'],
  'at most one config': ['platform-bad-refval-two-configs'],
  'a version-scheme is rejected': ['platform-bad-refval-version-scheme'],
  'exactly one': ['platform-bad-ta-two-keys', 'platform-bad-ta-no-key'],
  'mandatory key 5 mask': ['platform-bad-refval-no-mask'],
  'appraisal demands exactly one': ['platform-two-digests'],
  'an evidence config never equals an absent one': ['platform-no-config'],
  'class implementation id **and** UEID': ['platform-wrong-implementation', 'platform-wrong-instance'],
  'stored, never compared': ['platform-wrong-signer'],
  'list equality in order': ['platform-other-order'],
  'then name (if the reference has one) and version': ['platform-wrong-type', 'platform-wrong-version'],
  'extra reference components': ['platform-extra-component'],
  'class-id = RIM bytes': ['realm-wrong-rim'],
  'equal when the reference has one': ['realm-wrong-rpv'],
  'equal where the reference has one; mismatch lowers 2 to 3': ['realm-wrong-rem'],
} as const;

test.for(Object.entries(SENTENCES))('what "%s" rules out can be written', ([sentence, names]) => {
  expect(sheet).toContain(sentence);
  for (const name of names) expect(forms).toHaveProperty([name]);
});

describe('a form of ours is refused as the sample of that name is', () => {
  const folder = join(shared, 'vectors/tokens/veraison-services/scheme-arm-cca/corim');
  const names = readdirSync(folder).flatMap((file) => /^corim-cca-(.+-bad-.+)\.cbor$/.exec(file)?.[1] ?? []);
  /** The one that nobody refuses: it says more of an environment than it needs to. */
  const bad = names.filter((name) => name !== 'platform-bad-refval-instance');
  const isRead = (corim: Uint8Array): boolean => parseCorim(corim, nodeCrypto).ok;

  test.for(bad)('%s', (name) => {
    const form = forms[name];
    if (form === undefined) throw new Error(`${name} cannot be written`);
    const files = endorsementFiles(nodeCrypto, subject, { signer, mark: 'simulated', bad: form });
    const ours = files.find(({ path }) => path === `corim-2025/${form.file}.cbor`);
    if (ours === undefined) throw new Error(`${name} is not written`);
    const theirs = new Uint8Array(readFileSync(join(folder, `corim-cca-${name}.cbor`)));
    expect([isRead(ours.data), isRead(theirs)]).toEqual([false, false]);
  });
});

import { describe, expect, test } from 'vitest';
import { fromUtf8 } from '../../src/bytes/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import {
  BAD_FORMS,
  type BadForm,
  type BadFormId,
  type EndorsementFile,
  endorsementFiles,
  filesThatDiffer,
} from '../../src/endorse/index.ts';
import { parseCorim, parseKeyFile } from '../../src/verify/index.ts';
import { cpak, signer, subject } from './support/subject.ts';

const options = { signer, mark: 'simulated', token: Uint8Array.of(1, 2) };
const good = endorsementFiles(nodeCrypto, subject, options);
const named = (files: readonly EndorsementFile[], path: string): Uint8Array => {
  const file = files.find((each) => each.path === path);
  if (file === undefined) throw new Error(`${path} is not written`);
  return file.data;
};
const ids = Object.keys(BAD_FORMS) as BadFormId[];

describe('the files of a set of endorsements', () => {
  test('have each a name of its own and are the same each time', () => {
    expect(new Set(good.map(({ path }) => path)).size).toBe(good.length);
    expect(filesThatDiffer(good, endorsementFiles(nodeCrypto, subject, options))).toEqual([]);
  });

  test.for(['cpak.pem', 'cpak.jwk.json', 'cpak.cose-key.cbor'])('%s is the trust anchor', (path) => {
    expect(parseKeyFile(named(good, path), nodeCrypto)).toMatchObject({ ok: true, key: cpak });
  });

  test('every file with a key that is text says that it is simulated', () => {
    for (const { path, data } of good.filter(({ path }) => /^(cpak|corim-signer)\.(pem|jwk\.json)$/.test(path))) {
      expect(fromUtf8(data), path).toContain('simulated');
    }
  });

  test('a CoRIM for Veraison names no versions, and one beside it does', () => {
    const versions = (path: string) => {
      const parsed = parseCorim(named(good, path), nodeCrypto);
      return parsed.ok ? parsed.value.platforms[0]?.components.map(({ version }) => version) : parsed.error;
    };
    expect(versions('corim-2025/platform.cbor')).toEqual([undefined, undefined]);
    expect(versions('corim-2025/platform-versions.cbor')).toEqual(['1.0.0', undefined]);
  });
});

describe.for(ids)('endorsements that are wrong on purpose: %s', (id) => {
  const bad: BadForm = BAD_FORMS[id];
  const files = endorsementFiles(nodeCrypto, subject, { ...options, bad });
  const differing = filesThatDiffer(good, files);

  test('differ from the good ones where they say they do', () => {
    expect(differing).not.toEqual([]);
    const other = bad.file === 'platform' ? 'corim-2025/realm.cbor' : 'corim-2025/platform.cbor';
    expect(differing).not.toContain(other);
  });

  test(`belong to the class ${bad.class}`, () => {
    const parsed = parseCorim(named(files, `corim-2025/${bad.file}.cbor`), nodeCrypto);
    // Our reader holds what a CoRIM says against itself, too; Veraison finds that out with a token.
    const refused = bad.class === 'load' || id === 'realm-rim-differs';
    expect(parsed.ok ? 'read' : parsed.error).toMatch(refused ? /: / : /^read$/);
    expect(bad.class === 'load').toBe(bad.error !== undefined);
  });
});

import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../../src/bytes/index.ts';
import { type CborItem, decode, problems, toValue } from '../../src/cbor/index.ts';
import { ALGORITHM_ID, decodeSign1 } from '../../src/cose/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import {
  corimTemplates,
  type EndorsementSubject,
  platformCorim,
  realmCorim,
  referenceValueStore,
  signCorim,
  trustAnchorStore,
} from '../../src/endorse/index.ts';

const key = { curve: 'P-384' as const, scalar: new Uint8Array(48).fill(5) };
const cpak = nodeCrypto.publicKey(key);
if (cpak === undefined) throw new Error('the scalar is in range');
const bytes = (length: number, byte: number) => new Uint8Array(length).fill(byte);

const subject: EndorsementSubject = {
  platform: {
    cpak,
    implementationId: bytes(32, 1),
    instanceId: Uint8Array.of(1, ...bytes(32, 2)),
    components: [
      { type: 'RMM', version: '1.0.0', measurement: bytes(32, 3), signerId: bytes(32, 4), algorithm: 'sha-256' },
      { measurement: bytes(48, 5), signerId: bytes(32, 6), algorithm: 'sha-384' },
    ],
    config: hex('a1015000'),
  },
  realm: { hash: 'sha-512', rim: bytes(64, 7), rems: [1, 2, 3, 4].map((n) => bytes(64, n)), rpv: bytes(64, 9) },
};

const itemOf = (encoded: Uint8Array): CborItem => {
  const decoded = decode(encoded);
  if (!decoded.ok) throw new Error(decoded.error.code);
  return decoded.item;
};

describe.for(['2025', '2025-text', 'ssd-1'] as const)('a CoRIM in profile %s', (profile) => {
  const made = {
    platform: platformCorim(nodeCrypto, subject.platform, profile),
    realm: realmCorim(nodeCrypto, subject.realm, profile),
  };

  test.for(['platform', 'realm'] as const)('of the %s is deterministic CBOR', (kind) => {
    expect(problems(itemOf(made[kind]))).toEqual([]);
    expect(made[kind]).toEqual(
      kind === 'platform'
        ? platformCorim(nodeCrypto, subject.platform, profile)
        : realmCorim(nodeCrypto, subject.realm, profile),
    );
  });

  test('holds each measurement, the anchor key and the registers', () => {
    const platform = toHex(made.platform);
    for (const { measurement, signerId } of subject.platform.components) {
      expect(platform).toContain(toHex(measurement));
      expect(platform).toContain(toHex(signerId));
    }
    expect(platform).toContain(toHex(new TextEncoder().encode('-----BEGIN PUBLIC KEY-----')));
    const realm = toHex(made.realm);
    for (const register of [subject.realm.rim, ...subject.realm.rems, subject.realm.rpv]) {
      expect(realm).toContain(toHex(register));
    }
  });
});

test('a signed CoRIM is a COSE_Sign1 that its signer made', () => {
  const unsigned = realmCorim(nodeCrypto, subject.realm);
  const signed = decodeSign1(signCorim(nodeCrypto, unsigned, key, 'tests'));
  if (!signed.ok) throw new Error(signed.error.code);
  expect(toHex(signed.value.payload)).toBe(toHex(unsigned));
  expect(signed.value.algorithm).toBe(ALGORITHM_ID.ES384);
});

test('an identifier names its content: another Realm has another one', () => {
  const other = { ...subject.realm, rim: bytes(64, 8) };
  const idOf = (encoded: Uint8Array): unknown => {
    const value = toValue(itemOf(encoded)) as { content: ReadonlyMap<number, unknown> };
    return value.content.get(0);
  };
  expect(idOf(realmCorim(nodeCrypto, other))).not.toBe(idOf(realmCorim(nodeCrypto, subject.realm)));
});

test('stores keep the order of the token and leave out what a component does not say', () => {
  const store = referenceValueStore(subject) as { platform: { 'sw-components': object[] }[] };
  expect(store.platform[0]?.['sw-components']).toEqual([
    {
      'measurement-value': toHex(bytes(32, 3)),
      'signer-id': toHex(bytes(32, 4)),
      version: '1.0.0',
      'component-type': 'RMM',
    },
    { 'measurement-value': toHex(bytes(48, 5)), 'signer-id': toHex(bytes(32, 6)) },
  ]);
  expect(trustAnchorStore(subject)).toHaveLength(1);
});

test('templates spell digests in base64url and other bytes in base64', () => {
  const templates = corimTemplates(nodeCrypto, { ...subject, realm: { ...subject.realm, rim: bytes(64, 0xff) } });
  const text = JSON.stringify(templates['comid-realm-refval.json']);
  expect(text).toContain(`"${'_'.repeat(85)}w"`);
  expect(text).toContain(`"${'/'.repeat(85)}w=="`);
});

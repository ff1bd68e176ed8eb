import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, utf8 } from '../../src/bytes/index.ts';
import { encode, Tagged } from '../../src/cbor/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { platformCorim, realmCorim, signCorim } from '../../src/endorse/index.ts';
import {
  type CorimContents,
  corimSignatureHolds,
  keyOfCorims,
  parseCorim,
  referenceOfCorims,
} from '../../src/verify/index.ts';
import { cpak, filled, key, subject } from '../endorse/support/subject.ts';

const read = (bytes: Uint8Array): CorimContents => {
  const parsed = parseCorim(bytes, nodeCrypto);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};
const codeOf = (bytes: Uint8Array): string => {
  const parsed = parseCorim(bytes, nodeCrypto);
  return parsed.ok ? 'read' : parsed.code;
};

describe.for(['2025', '2025-text', 'ssd-1'] as const)('a CoRIM in profile %s', (profile) => {
  const platform = platformCorim(nodeCrypto, subject.platform, profile);
  const realm = realmCorim(nodeCrypto, subject.realm, profile);

  test('of a platform is read back', () => {
    const { platforms, anchors, realms } = read(platform);
    const { implementationId, instanceId, components, config } = subject.platform;
    expect(platforms).toEqual([
      {
        implementation_id: implementationId,
        components: components.map(({ type, version, measurement, signerId }) => ({
          ...(type === undefined ? {} : { component_type: type }),
          ...(version === undefined ? {} : { version }),
          digests: [measurement],
          signer_id: signerId,
        })),
        config: { value: config, mask: filled(config.length, 0xff) },
      },
    ]);
    expect(anchors).toEqual([{ implementation_id: implementationId, instance_id: instanceId, key: cpak }]);
    expect(realms).toEqual([]);
  });

  test('of a Realm is read back', () => {
    const { rim, rems, rpv } = subject.realm;
    expect(read(realm)).toEqual({ platforms: [], anchors: [], realms: [{ rim, rems, rpv }] });
  });

  test('is read when it is signed, and its signature is its signer’s', () => {
    const { signature, ...contents } = read(signCorim(nodeCrypto, platform, key, 'tests'));
    expect(contents).toEqual(read(platform));
    if (signature === undefined) throw new Error('it is signed');
    expect(corimSignatureHolds(signature, cpak, nodeCrypto)).toBe(true);
    const other = { ...signature, toBeSigned: concatBytes(signature.toBeSigned, utf8('x')) };
    expect(corimSignatureHolds(other, cpak, nodeCrypto)).toBe(false);
  });

  test('with one byte changed is read or refused, and nothing else happens', () => {
    fc.assert(
      fc.property(fc.constantFrom(platform, realm), fc.nat(), fc.integer({ min: 1, max: 255 }), (good, at, change) => {
        const bytes = Uint8Array.from(good);
        const i = at % bytes.length;
        bytes[i] = (bytes[i] ?? 0) ^ change;
        expect(typeof codeOf(bytes)).toBe('string');
      }),
      { numRuns: 3000 },
    );
  });
});

test('any bytes are read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(codeOf(bytes)).not.toBe('read');
    }),
    { numRuns: 3000 },
  );
});

test.for([
  ['NOT_CBOR', new Uint8Array()],
  ['NOT_CBOR', utf8('{"version": 1}')],
  ['NOT_CORIM', encode(1)],
  ['NOT_CORIM', encode(new Tagged(18, []))],
  ['PROFILE_MISSING', encode(new Tagged(501, new Map()))],
  ['PROFILE_UNKNOWN', encode(new Tagged(501, new Map([[3, new Tagged(32, 'https://example.invalid/')]])))],
  ['TAGS', encode(new Tagged(501, new Map([[3, new Tagged(32, 'tag:arm.com,2025:cca_realm#1.0.0')]])))],
  ['CBOR_UNWELCOME', Uint8Array.of(0xd9, 0x01, 0xf5, 0xbf, 0xff)],
  ['TOO_LARGE', new Uint8Array((1 << 20) + 1)],
] as const)('%s', ([code, bytes]) => expect(codeOf(bytes)).toBe(code));

describe('of several statements', () => {
  const other = { ...subject.platform, implementationId: filled(32, 0x77), config: Uint8Array.of(1) };
  const corims = [platformCorim(nodeCrypto, other), platformCorim(nodeCrypto, subject.platform)].map(read);
  const { implementationId, instanceId } = subject.platform;

  test('those are used that are about the token', () => {
    const values = referenceOfCorims(corims, { platform: { implementation_id: implementationId } });
    expect(values?.config).toEqual(subject.platform.config);
    expect(referenceOfCorims(corims, {})?.implementation_id).toEqual(other.implementationId);
  });

  test('bits of the configuration that the mask leaves out do not count', () => {
    const [corim] = corims;
    const [platform] = corim?.platforms ?? [];
    if (corim === undefined || platform === undefined) throw new Error('it was read');
    const masked = {
      ...corim,
      platforms: [{ ...platform, config: { value: Uint8Array.of(0x10), mask: Uint8Array.of(0xf0) } }],
    };
    const configFor = (config: number) =>
      referenceOfCorims([masked], { platform: { config: Uint8Array.of(config) } })?.config;
    expect(configFor(0x1f)).toEqual(Uint8Array.of(0x1f));
    expect(configFor(0x2f)).toEqual(Uint8Array.of(0x10));
  });

  test('a key is found by instance and implementation', () => {
    const lookup = keyOfCorims(corims);
    expect(lookup({ instanceId, implementationId })).toEqual(cpak);
    expect(lookup({ instanceId, implementationId: filled(32, 0x55) })).toBeUndefined();
    expect(lookup({ instanceId: filled(33, 1), implementationId })).toBeUndefined();
  });
});

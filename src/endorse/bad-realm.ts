import { type CborValue, Tagged } from '../cbor/index.ts';
import { badForms, flipped, inMeasurements, withoutMeasurements, withValue } from './bad.ts';
import { CORIM_TAG, type Measurement } from './corim.ts';
import { REALM_MKEY, type RealmDraft } from './realm-corim.ts';
import type { EndorsedRealm, EndorsementSubject } from './subject.ts';

const { rim: RIM, rpv: RPV } = REALM_MKEY;

const inRealm =
  (edit: (realm: EndorsedRealm) => Partial<EndorsedRealm>) =>
  (good: EndorsementSubject): EndorsementSubject => ({ ...good, realm: { ...good.realm, ...edit(good.realm) } });

/** A measurement with a name in place of what it measured: an empty one cannot be read at all. */
const named = ({ key }: Measurement): Measurement => ({
  ...(key === undefined ? {} : { key }),
  value: { name: 'nothing' },
});

const flippedDigest = (digest: CborValue): CborValue =>
  Array.isArray(digest) && digest[1] instanceof Uint8Array ? [digest[0], flipped(digest[1])] : digest;

/** A name-based UUID of nothing that is there. */
const SOME_UUID = Uint8Array.of(
  0x5a,
  0x5a,
  0x5a,
  0x5a,
  0x5a,
  0x5a,
  0x8a,
  0x5a,
  0x8a,
  0x5a,
  0x5a,
  0x5a,
  0x5a,
  0x5a,
  0x5a,
  0x5a,
);

const withoutRegisters = (draft: RealmDraft): RealmDraft => ({
  ...draft,
  measurements: draft.measurements.filter(({ key }) => typeof key !== 'string' || !key.startsWith('cca.rem')),
});

/** Wrong endorsements of a Realm. */
export const BAD_REALM = badForms({
  'realm-bad-instance': {
    file: 'realm',
    class: 'load',
    says: 'the class is a UUID, not the RIM',
    error: "RIM must be of type 'bytes', got 'uuid'",
    realm: (draft) => ({ ...draft, environment: { classId: new Tagged(CORIM_TAG.uuid, SOME_UUID) } }),
  },
  'realm-bad-no-instance': {
    file: 'realm',
    class: 'load',
    says: 'there is no class, so no RIM',
    error: 'environment.class is required for CCA Realm profile',
    realm: ({ environment, ...rest }) => ({
      ...rest,
      environment: environment.classId === undefined ? {} : { instance: environment.classId },
    }),
  },
  'realm-bad-rim-size': {
    file: 'realm',
    class: 'load',
    says: 'the RIM in the class has 20 bytes',
    error: 'RIM must be 32, 48, or 64 bytes',
    realm: (draft) => ({ ...draft, environment: { classId: new Tagged(CORIM_TAG.bytes, new Uint8Array(20)) } }),
  },
  'realm-bad-no-rim': {
    file: 'realm',
    class: 'load',
    says: 'the RIM is not among the measurements',
    error: 'RIM (cca.rim) measurement is mandatory but not found',
    realm: withoutMeasurements(RIM),
  },
  'realm-bad-no-integ-regs': {
    file: 'realm',
    class: 'load',
    says: 'the RIM has no digest',
    error: 'digests field is mandatory but not set',
    realm: inMeasurements(RIM, named),
  },
  'realm-bad-two-digests': {
    file: 'realm',
    class: 'load',
    says: 'the RIM has two digests',
    error: 'digests must contain exactly one entry, got 2',
    realm: inMeasurements(
      RIM,
      withValue(({ digests = [] }) => ({ digests: [...digests, ...digests] })),
    ),
  },
  'realm-bad-no-raw-value': {
    file: 'realm',
    class: 'load',
    says: 'the personalization value has no value',
    error: 'raw-value is mandatory for cca.rpv',
    realm: inMeasurements(RPV, named),
  },
  'realm-bad-mkey-string': {
    file: 'realm',
    class: 'load',
    says: 'a measurement counts a fifth extensible measurement',
    error: 'invalid mkey "cca.rem4"',
    realm: inMeasurements(REALM_MKEY.rem(3), ({ value }): Measurement => ({ key: REALM_MKEY.rem(4), value })),
  },

  'realm-wrong-rim': {
    file: 'realm',
    class: 'appraisal',
    says: 'the RIM belongs to another Realm',
    veraison: { realm: { executables: 33 } },
    ccatoken: { realm: { executables: -97 } },
    subject: inRealm(({ rim }) => ({ rim: flipped(rim) })),
  },
  'realm-rim-differs': {
    file: 'realm',
    class: 'appraisal',
    says: 'the RIM among the measurements is not the RIM of the class',
    veraison: { realm: { all: -1 } },
    realm: inMeasurements(
      RIM,
      withValue(({ digests = [] }) => ({ digests: digests.map(flippedDigest) })),
    ),
  },
  'realm-wrong-rem': {
    file: 'realm',
    class: 'appraisal',
    says: 'REM 1 differs in one bit; Veraison then affirms what was loaded and not what runs',
    veraison: { realm: { executables: 3 } },
    ccatoken: { realm: { executables: 96 } },
    subject: inRealm(({ rems }) => ({ rems: rems.map((rem, i) => (i === 0 ? flipped(rem) : rem)) })),
  },
  'realm-wrong-rpv': {
    file: 'realm',
    class: 'appraisal',
    says: 'the personalization value differs in one bit; rust-ccatoken does not compare it',
    veraison: { realm: { executables: 96 } },
    ccatoken: { realm: { executables: 2 } },
    subject: inRealm(({ rpv }) => ({ rpv: flipped(rpv) })),
  },

  'realm-no-rems': {
    file: 'realm',
    class: 'tolerated',
    says: 'extensible measurements are left out, so none is compared',
    veraison: { realm: { executables: 2 } },
    realm: withoutRegisters,
  },
  'realm-no-rpv': {
    file: 'realm',
    class: 'tolerated',
    says: 'the personalization value is left out, so it is not compared',
    veraison: { realm: { executables: 2 } },
    realm: withoutMeasurements(RPV),
  },
});

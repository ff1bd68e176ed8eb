import { utf8 } from '../bytes/index.ts';
import { coseKeyBytes } from '../cose/index.ts';
import { type Crypto, type PrivateKey, type PublicKey, publicJwk, spkiPem } from '../crypto/index.ts';
import type { BadForm } from './bad.ts';
import { platformCorim, platformDraft, writePlatform } from './platform-corim.ts';
import { CORIM_PROFILES, type CorimProfile, isSsd1 } from './profile.ts';
import { realmDraft, writeRealm } from './realm-corim.ts';
import { signCorim } from './sign.ts';
import {
  referenceValueStore,
  trustAnchorStore,
  trusteeConfig,
  trusteeEvidence,
  trusteeReferenceValues,
} from './stores.ts';
import type { EndorsedPlatform, EndorsementSubject } from './subject.ts';
import { corimTemplates } from './templates.ts';

/** One file: where it goes, what is in it and who reads it. */
export interface EndorsementFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly data: Uint8Array;
  readonly says: string;
}

/** Who signs CoRIMs. */
export interface CorimSigner {
  readonly key: PrivateKey;
  readonly publicKey: PublicKey;
  readonly name: string;
}

export interface EndorsementOptions {
  readonly signer: CorimSigner;
  /** What every file with a key says of it. */
  readonly mark: string;
  /** The token, for evidence in the form that a client of Trustee submits. */
  readonly token?: Uint8Array | undefined;
  /** What is to be wrong. */
  readonly bad?: BadForm | undefined;
}

/** Where Trustee looks for its configuration when nobody says otherwise, and so for the stores beside it. */
const TRUSTEE_FOLDER = '/opt/confidential-containers/attestation-service/cca';

const json = (value: unknown): Uint8Array => utf8(`${JSON.stringify(value, undefined, 2)}\n`);

const keyFiles = (name: string, key: PublicKey, mark: string, says: string): EndorsementFile[] => [
  // What stands outside a PEM block is ignored by whoever reads one (RFC 7468 2).
  { path: `${name}.pem`, data: utf8(`${mark}\n${spkiPem(key)}`), says: `${says}: SubjectPublicKeyInfo` },
  { path: `${name}.jwk.json`, data: json({ ...publicJwk(key), kid: mark }), says: `${says}: JSON Web Key` },
];

/**
 * A platform whose components name no version. The profile lets a version stand without its scheme and forbids the scheme;
 * veraison/corim 53b3014, which reads it, reads the scheme all the same and crashes where there is none.
 */
const unversioned = ({ components, ...rest }: EndorsedPlatform): EndorsedPlatform => ({
  ...rest,
  components: components.map(({ version: _, ...component }) => component),
});

const corimFiles = (
  crypto: Crypto,
  given: EndorsementSubject,
  profile: CorimProfile,
  { signer, bad }: EndorsementOptions,
): EndorsementFile[] => {
  const folder = `corim-${profile}`;
  const names = CORIM_PROFILES[profile];
  // How a CoRIM is written wrong is known of the present profile alone.
  const edits = isSsd1(profile) ? undefined : bad;
  const subject = isSsd1(profile) ? given : { ...given, platform: unversioned(given.platform) };
  const goodPlatform = platformDraft(subject.platform, profile);
  const platform = writePlatform(crypto, subject.platform, edits?.platform?.(goodPlatform) ?? goodPlatform, profile);
  const goodRealm = realmDraft(crypto, subject.realm, profile);
  const realm = writeRealm(crypto, subject.realm, edits?.realm?.(goodRealm) ?? goodRealm, profile);
  const signed = (corim: Uint8Array): Uint8Array => signCorim(crypto, corim, signer.key, signer.name);
  const optional = (path: string, data: Uint8Array | undefined, says: string): EndorsementFile[] =>
    data === undefined ? [] : [{ path: `${folder}/${path}`, data, says }];
  return [
    ...optional('platform.cbor', platform.corim, `CoRIM of the platform, ${names.platform}`),
    ...optional('platform.signed.cbor', signed(platform.corim), 'the same, signed'),
    ...(profile === '2025'
      ? optional(
          'platform-versions.cbor',
          platformCorim(crypto, given.platform, profile),
          'CoRIM of the platform with the versions of its components: veraison/corim 53b3014 crashes on them',
        )
      : []),
    ...optional('realm.cbor', realm.corim, `CoRIM of the Realm, ${names.realm}`),
    ...optional('realm.signed.cbor', signed(realm.corim), 'the same, signed'),
    ...optional('comid-platform-refval.cbor', platform.reference, 'CoMID: reference values of the platform'),
    ...optional('comid-platform-ta.cbor', platform.anchor, 'CoMID: trust anchor of the platform'),
    ...optional('comid-realm-refval.cbor', realm.reference, 'CoMID: reference values of the Realm'),
    ...Object.entries(profile === '2025-text' ? {} : corimTemplates(crypto, subject, profile)).map(([name, value]) => ({
      path: `${folder}/templates/${name}`,
      data: json(value),
      says: 'template for cocli',
    })),
  ];
};

/**
 * Everything that makes the known verifiers accept this chip, its firmware and this Realm, as files.
 *
 * Deterministic: the same subject, signer and version give the same bytes. With `bad`, what it says is wrong, and
 * everything else as it would be.
 */
export const endorsementFiles = (
  crypto: Crypto,
  good: EndorsementSubject,
  options: EndorsementOptions,
): readonly EndorsementFile[] => {
  const { signer, mark, token, bad } = options;
  const subject = bad?.subject?.(good, crypto) ?? good;
  const { cpak } = subject.platform;
  return [
    ...keyFiles('cpak', cpak, mark, 'trust anchor: the platform attestation key'),
    { path: 'cpak.cose-key.cbor', data: coseKeyBytes(cpak), says: 'trust anchor: COSE_Key' },
    ...keyFiles('corim-signer', signer.publicKey, mark, 'whoever signed the CoRIMs'),
    ...corimFiles(crypto, subject, '2025', options),
    ...corimFiles(crypto, subject, '2025-text', options),
    ...corimFiles(crypto, subject, 'ssd-1', options),
    {
      path: 'ccatoken/ta.json',
      data: json(trustAnchorStore(subject)),
      says: 'trust anchors of rust-ccatoken, Trustee',
    },
    {
      path: 'ccatoken/rv.json',
      data: json(referenceValueStore(subject)),
      says: 'reference values of rust-ccatoken, Trustee',
    },
    {
      path: 'trustee/config.json',
      data: json(trusteeConfig(`${TRUSTEE_FOLDER}/ta.json`, `${TRUSTEE_FOLDER}/rv.json`)),
      says: `configuration of Trustee's CCA verifier, for stores in ${TRUSTEE_FOLDER}`,
    },
    { path: 'trustee/rvps.json', data: json(trusteeReferenceValues(subject)), says: "what Trustee's policy asks for" },
    ...(token === undefined
      ? []
      : [
          {
            path: 'trustee/evidence.json',
            data: json(trusteeEvidence(token)),
            says: 'evidence as a client submits it',
          },
        ]),
  ];
};

/** The files of a set that a wrong form makes differ from the good ones. */
export const filesThatDiffer = (
  good: readonly EndorsementFile[],
  bad: readonly EndorsementFile[],
): readonly string[] => {
  const text = (data: Uint8Array): string => data.join();
  const before = new Map(good.map(({ path, data }) => [path, text(data)]));
  const after = new Map(bad.map(({ path, data }) => [path, text(data)]));
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
};

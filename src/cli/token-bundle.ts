import { Bug } from '../bytes/index.ts';
import { decode } from '../cbor/index.ts';
import { type PublicKey, publicJwk, spkiPem } from '../crypto/index.ts';
import { nodeCrypto } from '../crypto/node.ts';
import { type EndorsementFile, endorsementFiles } from '../endorse/index.ts';
import type { FetchedToken } from '../host/index.ts';
import { describeToken, lines } from '../inspect/index.ts';
import { type Platform, VERSION } from '../platform/index.ts';
import { COLLECTION } from '../token/index.ts';
import { type Report, referenceValuesOf, referenceValuesToJson, verifyToken } from '../verify/index.ts';
import { corimSigner, keyMark, subjectOf } from './endorsements.ts';
import { machineRecord } from './machine-record.ts';

const BUNDLE_FORMAT = 'swcca/bundle/v1';

/** The Realm token out of a CCA token of ours: a byte string, or the second member of a CMW record. */
const realmTokenOf = (token: Uint8Array): Uint8Array => {
  const decoded = decode(token);
  const collection = decoded.ok && decoded.item.type === 'tag' ? decoded.item.content : undefined;
  const entries = collection?.type === 'map' ? collection.entries : [];
  const entry = entries.find(({ key }) => key.type === 'uint' && key.value === COLLECTION.realm)?.value;
  const bytes = entry?.type === 'array' ? entry.items[1] : entry;
  if (bytes?.type !== 'bytes') throw new Bug('a token of ours holds no Realm token');
  return bytes.value;
};

/** The token in diagnostic notation (RFC 8949 8), each item with its name. */
const notation = (token: Uint8Array): string =>
  lines(describeToken(token))
    .map(({ depth, text, comment }) => {
      const parts = [text, comment === undefined ? '' : `/ ${comment} /`].filter((part) => part !== '');
      return `${'  '.repeat(depth)}${parts.join('  ')}\n`;
    })
    .join('');

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/**
 * The trust anchor, where the machine knows it: not when somebody else's platform token is served.
 *
 * What stands outside a PEM block is ignored by whoever reads one (RFC 7468 2).
 */
const keyFiles = (cpak: PublicKey | undefined, mark: string): readonly (readonly [name: string, data: string])[] =>
  cpak === undefined
    ? []
    : [
        ['cpak.pem', `${mark}\n${spkiPem(cpak)}`],
        ['cpak.jwk.json', json({ ...publicJwk(cpak), kid: mark })],
      ];

/** Endorsements of what the token says; none without a trust anchor. */
const endorsed = (
  claims: Report['claims'],
  cpak: PublicKey | undefined,
  seed: string,
  token: Uint8Array,
): readonly EndorsementFile[] => {
  const subject = cpak && subjectOf(claims, cpak);
  if (subject === undefined || 'missing' in subject) return [];
  return endorsementFiles(nodeCrypto, subject, {
    signer: corimSigner(nodeCrypto, seed),
    mark: keyMark(seed),
    token,
  });
};

/** The files of a bundle but its trace and its index, by their names. */
export const bundleFiles = (
  platform: Platform,
  { token, challenge }: FetchedToken,
): readonly (readonly [name: string, data: string | Uint8Array])[] => {
  const { attestation } = platform.rmm.state;
  if (attestation === undefined) throw new Bug('a token was signed without a key');
  const { cpak } = platform.hes.status();
  const { seed } = platform.config.device;
  const mark = keyMark(seed);
  // What the token says, as any verifier reads it: the values that later tokens of this Realm have to meet.
  const { claims } = verifyToken(token, {
    crypto: nodeCrypto,
    challenge,
    ...(cpak === undefined ? {} : { key: cpak }),
  });
  return [
    ['token.cbor', token],
    ['token.diag', notation(token)],
    ['platform-token.cbor', attestation.platformToken],
    ['realm-token.cbor', realmTokenOf(token)],
    ...keyFiles(cpak, mark),
    ['rak.pub.pem', `${mark}\n${spkiPem(attestation.rakPublic)}`],
    ['challenge.bin', challenge],
    ['reference-values.json', json(referenceValuesToJson(referenceValuesOf(claims)))],
    ...endorsed(claims, cpak, seed, token).map(({ path, data }) => [`endorsements/${path}`, data] as const),
  ];
};

/** What `bundle.json` says besides the digests of the files. */
export const bundleIndex = (platform: Platform): Readonly<Record<string, unknown>> => ({
  format: BUNDLE_FORMAT,
  swcca: VERSION,
  origin: 'rsi',
  ...machineRecord(platform),
});

import { toHex } from '../bytes/index.ts';
import { type CurveName, type PublicKey, parseSec1Point } from '../crypto/index.ts';
import { DER, type DerValue, readDer, readDerMembers } from './der.ts';

/** Object identifiers of the named curves (RFC 5480 2.1.1.1), content bytes in hexadecimal. */
const CURVE_OF_OID: ReadonlyMap<string, CurveName> = new Map([
  ['2a8648ce3d030107', 'P-256'],
  ['2b81040022', 'P-384'],
  ['2b81040023', 'P-521'],
]);
const ID_EC_PUBLIC_KEY = '2a8648ce3d0201';

const curveOf = (oid: DerValue | undefined): CurveName | undefined =>
  oid?.tag === DER.oid ? CURVE_OF_OID.get(toHex(oid.content)) : undefined;

const membersOf = (bytes: Uint8Array): readonly DerValue[] | undefined => {
  const sequence = readDer(bytes);
  return sequence?.tag === DER.sequence ? readDerMembers(sequence.content) : undefined;
};

/**
 * The public key that an ECPrivateKey carries (RFC 5915 3). The private one is not looked at.
 *
 * @param curve  what the surrounding PKCS #8 names, if there is one.
 */
const publicPartOf = (ecPrivateKey: Uint8Array, curve?: CurveName): PublicKey | undefined => {
  const members = membersOf(ecPrivateKey);
  const parameters = members?.find(({ tag }) => tag === DER.context0);
  const named = curve ?? (parameters && curveOf(readDer(parameters.content)));
  const publicKey = members?.find(({ tag }) => tag === DER.context1);
  const bits = publicKey && readDer(publicKey.content);
  if (named === undefined || bits?.tag !== DER.bitString || bits.content[0] !== 0) return undefined;
  return parseSec1Point(named, bits.content.subarray(1));
};

/** The public key that a private key in PKCS #8 (RFC 5958) or SEC 1 form carries. Total. */
export const publicPartOfDer = (der: Uint8Array): PublicKey | undefined => {
  const [, algorithm, wrapped] = membersOf(der) ?? [];
  if (algorithm?.tag !== DER.sequence || wrapped === undefined) return publicPartOf(der);
  const [oid, parameters] = readDerMembers(algorithm.content) ?? [];
  const isEc = oid?.tag === DER.oid && toHex(oid.content) === ID_EC_PUBLIC_KEY;
  const curve = curveOf(parameters);
  return isEc && curve !== undefined && wrapped.tag === DER.octetString
    ? publicPartOf(wrapped.content, curve)
    : undefined;
};

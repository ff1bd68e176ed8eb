import { type CborValue, encode, Tagged } from '../cbor/index.ts';
import { type ClaimsOf, claimsMap } from './claim.ts';
import type { Dialect } from './dialect.ts';
import { DEVICE_PROFILES, type DeviceProfile, deviceTokenClaims } from './realm-claims.ts';

/** Labels of the collection (token 1, token-next 1). */
export const COLLECTION = { platform: 44234, realm: 44241, realm_claims: 44251, devices: 44258 } as const;

/** CoAP content formats of CMW records: a signed and an unsigned set of claims (token-next 1). */
export const CONTENT_FORMAT = { eatCwt: 263, uccsCbor: 601 } as const;

/** The claims of devices in the profile of a year, as bytes: what claim 44257 hashes and entry 44258 holds. */
export const encodeDeviceClaims = (
  profile: DeviceProfile,
  devices: ClaimsOf<typeof deviceTokenClaims>['devices'],
): Uint8Array =>
  encode(claimsMap(deviceTokenClaims, Object.keys(deviceTokenClaims), { profile: DEVICE_PROFILES[profile], devices }));

/**
 * Puts the two tokens side by side: under tag 399 as byte strings, under tag 907 as CMW records (token 1).
 *
 * @param deviceClaims  bytes of `encodeDeviceClaims`, where devices are assigned to the Realm.
 * @param form          of the entries, where it is not the one that goes with the tag.
 */
export const ccaToken = (
  platformToken: Uint8Array,
  realmToken: Uint8Array,
  outer: Dialect['outer'],
  deviceClaims?: Uint8Array,
  form: NonNullable<Dialect['entry']> = outer === 907 ? 'record' : 'bstr',
): Uint8Array => {
  const entry = (format: number, bytes: Uint8Array): CborValue => (form === 'record' ? [format, bytes] : bytes);
  const entries = new Map<number, CborValue>([
    [COLLECTION.platform, entry(CONTENT_FORMAT.eatCwt, platformToken)],
    [COLLECTION.realm, entry(CONTENT_FORMAT.eatCwt, realmToken)],
  ]);
  if (deviceClaims !== undefined) entries.set(COLLECTION.devices, entry(CONTENT_FORMAT.uccsCbor, deviceClaims));
  return encode(new Tagged(outer, entries));
};

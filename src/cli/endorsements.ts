import { concatBytes, utf8 } from '../bytes/index.ts';
import { type Crypto, eccKeyFromStream, type HashName, hkdf, type PublicKey } from '../crypto/index.ts';
import type { CorimSigner, EndorsedComponent, EndorsementSubject } from '../endorse/index.ts';
import type { PlatformClaims, RealmClaims } from '../verify/index.ts';

/** What a CoRIM says of its signer. */
const SIGNER_NAME = 'swcca (simulated)';
const SIGNER_LABEL = 'swcca/corim-signer/v1';

/** Whoever signs the CoRIMs of a chip: a key of its own, out of the same seed. */
export const corimSigner = (crypto: Crypto, seed: string): CorimSigner => {
  const secret = crypto.hash('sha-256').digest(concatBytes(utf8(SIGNER_LABEL), Uint8Array.of(0), utf8(seed)));
  const key = eccKeyFromStream('P-384', hkdf(crypto, 'sha-256', secret));
  const publicKey = crypto.publicKey(key);
  if (publicKey === undefined) throw new RangeError('a derived key is in range');
  return { key, publicKey, name: SIGNER_NAME };
};

/** What every file with a key says of it. A seed is any text: it must not look like the border of a PEM block. */
export const keyMark = (seed: string): string =>
  `simulated by swcca from the seed ${JSON.stringify(seed).replaceAll('--', '-\\u002d')}: never trust it outside tests`;

const HASH_OF_SIZE: ReadonlyMap<number, HashName> = new Map([
  [32, 'sha-256'],
  [48, 'sha-384'],
  [64, 'sha-512'],
]);

/**
 * What a token says, as something to endorse, or the claim that it lacks.
 *
 * @param claims  as the verifier read them; whoever calls has verified the token with `cpak`.
 */
export const subjectOf = (
  { platform = {}, realm = {} }: { readonly platform?: PlatformClaims; readonly realm?: RealmClaims },
  cpak: PublicKey,
): EndorsementSubject | { readonly missing: string } => {
  const { implementation_id: implementationId, instance_id: instanceId, config, sw_components } = platform;
  const { hash_algo_id: hash, initial_measurement: rim, extensible_measurements, personalization_value: rpv } = realm;
  if (implementationId === undefined || instanceId === undefined || config === undefined)
    return { missing: 'platform' };
  if (hash === undefined || rim === undefined || rpv === undefined) return { missing: 'Realm' };
  const components = (sw_components ?? []).flatMap((each): EndorsedComponent[] => {
    const { component_type: type, version, measurement_value: measurement, signer_id: signerId } = each;
    // The claims name the algorithm in words that some images take for a description: the size is what counts.
    const algorithm = HASH_OF_SIZE.get(measurement?.length ?? 0);
    if (measurement === undefined || signerId === undefined || algorithm === undefined) return [];
    return [{ type, version, measurement, signerId, algorithm }];
  });
  const rems = (extensible_measurements ?? []).flatMap((rem) => (rem === undefined ? [] : [rem]));
  if (components.length === 0 || components.length !== sw_components?.length) return { missing: 'component' };
  if (rems.length !== 4) return { missing: 'Realm' };
  return { platform: { cpak, implementationId, instanceId, components, config }, realm: { hash, rim, rems, rpv } };
};

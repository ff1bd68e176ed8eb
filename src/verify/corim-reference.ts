import { equalBytes } from '../bytes/index.ts';
import type { PublicKey } from '../crypto/index.ts';
import type { CorimContents } from './corim.ts';
import type { CorimComponent, CorimPlatform } from './corim-platform.ts';
import type { CorimRealm } from './corim-realm.ts';
import type { PlatformClaims } from './platform-claims.ts';
import type { RealmClaims } from './realm-claims.ts';
import type { ReferenceComponent, ReferenceValues } from './reference.ts';

/** Claims of a token, as far as they could be read. */
export interface TokenClaims {
  readonly platform?: PlatformClaims;
  readonly realm?: RealmClaims;
}

/** Which chip a token says that it is from. */
export interface TokenIdentity {
  readonly instanceId: Uint8Array;
  readonly implementationId: Uint8Array | undefined;
}

/** The bits that count, as the token has them when they agree; else as the reference has them, so that they differ. */
const configOf = ({ value, mask }: NonNullable<CorimPlatform['config']>, found: Uint8Array | undefined): Uint8Array => {
  const agrees =
    found?.length === value.length &&
    value.every((byte, i) => (byte & (mask[i] ?? 0)) === ((found[i] ?? 0) & (mask[i] ?? 0)));
  return agrees && found !== undefined ? found : value;
};

/** Of several digests the one that the token has; else the first. */
const componentOf = (
  { digests, ...rest }: CorimComponent,
  found: readonly (Uint8Array | undefined)[],
): readonly ReferenceComponent[] => {
  const same = digests.find((each) => found.some((value) => value !== undefined && equalBytes(value, each)));
  const measurement_value = same ?? digests[0];
  return measurement_value === undefined ? [] : [{ ...rest, measurement_value }];
};

const platformValues = (platforms: readonly CorimPlatform[], claims: PlatformClaims): Partial<ReferenceValues> => {
  const { implementation_id: id, config, sw_components } = claims;
  const platform =
    platforms.find(({ implementation_id }) => id !== undefined && equalBytes(implementation_id, id)) ?? platforms[0];
  if (platform === undefined) return {};
  const found = (sw_components ?? []).map((each) => each.measurement_value);
  return {
    implementation_id: platform.implementation_id,
    components: platform.components.flatMap((each) => componentOf(each, found)),
    ...(platform.config === undefined ? {} : { config: configOf(platform.config, config) }),
  };
};

/** Realms may share a RIM and differ in the personalization value. */
const realmValues = (realms: readonly CorimRealm[], claims: RealmClaims): Partial<ReferenceValues> => {
  const { initial_measurement: rim, personalization_value: rpv } = claims;
  const sameRim = realms.filter((each) => rim !== undefined && equalBytes(each.rim, rim));
  const realm =
    sameRim.find((each) => each.rpv === undefined || (rpv !== undefined && equalBytes(each.rpv, rpv))) ??
    sameRim[0] ??
    realms[0];
  if (realm === undefined) return {};
  return { rim: realm.rim, rems: realm.rems, ...(realm.rpv === undefined ? {} : { rpv: realm.rpv }) };
};

/**
 * What a token has to say by these CoRIMs: of several platforms or Realms the one that it says it is.
 *
 * @returns undefined when they have trust anchors and nothing to compare.
 */
export const referenceOfCorims = (
  corims: readonly CorimContents[],
  { platform = {}, realm = {} }: TokenClaims,
): ReferenceValues | undefined => {
  const platforms = corims.flatMap((each) => each.platforms);
  const realms = corims.flatMap((each) => each.realms);
  if (platforms.length + realms.length === 0) return undefined;
  return { ...platformValues(platforms, platform), ...realmValues(realms, realm) };
};

/** Finds the key of a chip among the trust anchors: class and instance have to be the token's. */
export const keyOfCorims =
  (corims: readonly CorimContents[]) =>
  ({ instanceId, implementationId }: TokenIdentity): PublicKey | undefined =>
    corims
      .flatMap(({ anchors }) => anchors)
      .find(
        ({ instance_id, implementation_id }) =>
          equalBytes(instance_id, instanceId) &&
          implementationId !== undefined &&
          equalBytes(implementation_id, implementationId),
      )?.key;

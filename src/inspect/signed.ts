import type { FeatureName, Features } from './dialect.ts';
import { FEATURE_WORDS } from './dialect.ts';

/** Where a feature stands, and whose signatures cover the place. */
interface Place {
  readonly place: string;
  readonly signed_with: readonly ('CPAK' | 'RAK')[];
}

const PLACES = {
  platformProfile: { place: 'claim 265 of the platform token', signed_with: ['CPAK'] },
  binding: { place: 'the platform claims', signed_with: ['CPAK'] },
  realmProfile: { place: 'claim 265 of the Realm token', signed_with: ['RAK'] },
  rak: { place: 'claim 44237 of the Realm token, whose hash the platform token holds', signed_with: ['RAK', 'CPAK'] },
  mec: { place: 'claim 44243 of the Realm token', signed_with: ['RAK'] },
} as const satisfies Record<Exclude<FeatureName, 'outer'>, Place>;
type SignedFeature = keyof typeof PLACES;

/** A part of a token that is not as somebody wants it, and that only the holders of keys could change. */
export interface SignedDifference extends Place {
  readonly part: string;
  /** Undefined where the token does not show it. */
  readonly found: string | undefined;
  readonly wanted: string;
}

/**
 * What of `wanted` the signatures of a token stand in the way of. The outer tag and the form of the entries are never among
 * it: nobody signs them.
 */
export const signedDifferences = (features: Features, wanted: Partial<Features>): readonly SignedDifference[] =>
  (Object.keys(PLACES) as SignedFeature[]).flatMap((name) => {
    const [found, asked] = [features[name], wanted[name]];
    if (asked === undefined || asked === found) return [];
    return [{ part: FEATURE_WORDS[name], found, wanted: asked, ...PLACES[name] }];
  });

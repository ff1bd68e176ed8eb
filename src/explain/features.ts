import { LABEL, memberOf, textOf } from './items.ts';
import type { PlainPart, PlainView } from './verifiers/plain-view.ts';

/** What of a token decides which advice helps. */
export interface Features {
  readonly outerTag: number | bigint | undefined;
  readonly platformProfile: string | undefined;
  readonly realmProfile: string | undefined;
}

const profileOf = ({ claims }: PlainPart, label: number): string | undefined =>
  textOf(claims && memberOf(claims, label));

export const featuresOf = ({ outer, platform, realm }: PlainView): Features => ({
  outerTag: outer?.type === 'tag' ? outer.tag : undefined,
  platformProfile: profileOf(platform, LABEL.platform.profile),
  realmProfile: profileOf(realm, LABEL.realm.profile),
});

import { COLLECTION } from './cca-token.ts';
import type { ClaimTable } from './claim.ts';
import { componentClaims2024, platformClaims2024, platformClaims2026 } from './platform-claims.ts';
import { realmClaims2024 } from './realm-claims.ts';

type Labels<T extends ClaimTable> = { readonly [K in keyof T]: number };

const labelsOf = <T extends ClaimTable>(table: T): Labels<T> =>
  Object.fromEntries(Object.entries(table).map(([name, { label }]) => [name, label])) as Labels<T>;

/** The label of each claim of each token, under the claim's name: for readers that check themselves against the builder. */
export const TOKEN_CLAIM_LABELS = {
  collection: COLLECTION,
  platform: labelsOf({ ...platformClaims2024, ...platformClaims2026 }),
  component: labelsOf(componentClaims2024),
  realm: labelsOf(realmClaims2024),
} as const;

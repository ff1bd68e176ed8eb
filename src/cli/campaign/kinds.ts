/** How a client that is put to the test asks for its token. */
export const CLIENT_KINDS = ['bridge', 'tsm', 'script'] as const;
export type ClientKind = (typeof CLIENT_KINDS)[number];

/** What is varied for a client of the bridge. */
export const VARY = ['responses', 'plans'] as const;
export type Vary = (typeof VARY)[number];

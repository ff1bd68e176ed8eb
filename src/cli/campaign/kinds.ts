/** How a client that is put to the test asks for its token. */
export const CLIENT_KINDS = ['bridge', 'tsm', 'script'] as const;
export type ClientKind = (typeof CLIENT_KINDS)[number];

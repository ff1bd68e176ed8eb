import type { Adapter } from './adapter.ts';
import { ccatokenCli } from './ccatoken-cli.ts';
import { goCcatoken, goCcatokenNext } from './go-ccatoken.ts';
import { rustCcatoken, rustCose } from './rust-ccatoken.ts';
import { swcca } from './swcca.ts';

export type { Adapter } from './adapter.ts';

/** Known verifiers by name. Each is proven by running it in the interoperability tests. */
export const ADAPTERS = {
  swcca,
  'go-ccatoken': goCcatoken,
  'go-ccatoken-b26aba0': goCcatokenNext,
  'rust-ccatoken': rustCcatoken,
  'rust-cose': rustCose,
  'ccatoken-cli': ccatokenCli,
} as const satisfies Record<string, Adapter>;
export type AdapterName = keyof typeof ADAPTERS;

import { Bug } from '../../bytes/index.ts';
import type { Mutation } from '../mutation.ts';
import { BINDING } from './binding.ts';
import { CBOR } from './cbor.ts';
import { COLLECTION } from './collection.ts';
import { COSE } from './cose.ts';
import { FRESHNESS } from './freshness.ts';
import { IDENTITY } from './identity.ts';
import { LEGAL } from './legal.ts';
import { PLATFORM } from './platform.ts';
import { REALM } from './realm.ts';
import { VALID } from './valid.ts';

/** Every mutation, in the order in which a corpus has them. */
export const CATALOGUE: readonly Mutation[] = [
  ...VALID,
  ...COSE,
  ...CBOR,
  ...COLLECTION,
  ...BINDING,
  ...REALM,
  ...PLATFORM,
  ...IDENTITY,
  ...FRESHNESS,
  ...LEGAL,
];

const BY_ID: ReadonlyMap<string, Mutation> = new Map(CATALOGUE.map((mutation) => [mutation.id, mutation]));
if (BY_ID.size !== CATALOGUE.length) throw new Bug('two mutations have one id');

export const mutationOf = (id: string): Mutation | undefined => BY_ID.get(id);

import { Bug } from '../../bytes/index.ts';
import type { Mutation } from '../mutation.ts';
import { BINDING } from './binding.ts';
import { CBOR } from './cbor.ts';
import { COLLECTION } from './collection.ts';
import { COSE } from './cose.ts';
import { COSE_FORMS } from './cose-forms.ts';
import { COSE_SIGNATURES } from './cose-signatures.ts';
import { FRESHNESS } from './freshness.ts';
import { IDENTITY } from './identity.ts';
import { LEGAL } from './legal.ts';
import { PLATFORM } from './platform.ts';
import { PLATFORM_FURTHER } from './platform-further.ts';
import { PLATFORM_LATER } from './platform-later.ts';
import { REALM } from './realm.ts';
import { REALM_FURTHER } from './realm-further.ts';
import { REALM_LATER } from './realm-later.ts';
import { VALID } from './valid.ts';

/** Every mutation, in the order in which a corpus has them. */
export const CATALOGUE: readonly Mutation[] = [
  ...VALID,
  ...COSE,
  ...COSE_SIGNATURES,
  ...COSE_FORMS,
  ...CBOR,
  ...COLLECTION,
  ...BINDING,
  ...REALM,
  ...REALM_FURTHER,
  ...REALM_LATER,
  ...PLATFORM,
  ...PLATFORM_FURTHER,
  ...PLATFORM_LATER,
  ...IDENTITY,
  ...FRESHNESS,
  ...LEGAL,
];

const BY_ID: ReadonlyMap<string, Mutation> = new Map(CATALOGUE.map((mutation) => [mutation.id, mutation]));
if (BY_ID.size !== CATALOGUE.length) throw new Bug('two mutations have one id');

export const mutationOf = (id: string): Mutation | undefined => BY_ID.get(id);

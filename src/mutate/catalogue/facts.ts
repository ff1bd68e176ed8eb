import type { HashName } from '../../crypto/index.ts';
import type { Facts } from '../mutation.ts';
import { contentOf, type Wire } from '../wire.ts';

const HASHES: readonly HashName[] = ['sha-256', 'sha-384', 'sha-512'];

/** What hashes the content of a Realm token: the algorithm that its claim 44236 names. */
export const realmHash = ({ crypto, at }: Facts): ((content: Uint8Array) => Uint8Array) => {
  const wire = at('realm/44236');
  const name = wire?.type === 'text' ? new TextDecoder().decode(wire.value) : '';
  const { digest } = crypto.hash(HASHES.find((each) => each === name) ?? 'sha-256');
  return digest;
};

/** The bytes of a claim, none when it is no byte string. */
export const bytesOf = (wire: Wire | undefined): Uint8Array =>
  wire?.type === 'bytes' || wire?.type === 'embedded' ? contentOf(wire) : new Uint8Array();

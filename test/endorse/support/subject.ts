import { Bug, hex } from '../../../src/bytes/index.ts';
import type { PrivateKey } from '../../../src/crypto/index.ts';
import { nodeCrypto } from '../../../src/crypto/node.ts';
import type { CorimSigner, EndorsementSubject } from '../../../src/endorse/index.ts';

export const key: PrivateKey = { curve: 'P-384', scalar: new Uint8Array(48).fill(5) };
const publicKey = nodeCrypto.publicKey(key);
if (publicKey === undefined) throw new Bug('the scalar is in range');
export const cpak = publicKey;

export const signer: CorimSigner = { key, publicKey: cpak, name: 'tests' };

export const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

/** A platform with a component of each kind, and a Realm. */
export const subject: EndorsementSubject = {
  platform: {
    cpak,
    implementationId: filled(32, 1),
    instanceId: Uint8Array.of(1, ...filled(32, 2)),
    components: [
      { type: 'RMM', version: '1.0.0', measurement: filled(32, 3), signerId: filled(32, 4), algorithm: 'sha-256' },
      { measurement: filled(48, 5), signerId: filled(32, 6), algorithm: 'sha-384' },
    ],
    config: hex('a1015000'),
  },
  realm: {
    hash: 'sha-512',
    rim: filled(64, 7),
    rems: [1, 2, 3, 4].map((n) => filled(64, n)),
    rpv: filled(64, 9),
  },
};

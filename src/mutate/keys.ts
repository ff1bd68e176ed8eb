import { Bug, utf8 } from '../bytes/index.ts';
import {
  type Crypto,
  type CurveName,
  type Entropy,
  eccKeyFromStream,
  type PrivateKey,
  type PublicKey,
  seededEntropy,
} from '../crypto/index.ts';

/** The private keys of the platform that made a token: whoever has them can sign again what was changed. */
export interface TokenKeys {
  /** Signs platform tokens. */
  readonly cpak: PrivateKey;
  /** Signs Realm tokens. */
  readonly rak: PrivateKey;
}

/** Keys besides those of the platform, by what is special about them. */
const OTHERS = {
  /** Anybody's key, as good as the right one in all but whose it is. */
  stranger: { curve: 'P-384' },
  /** Public points with a coordinate that starts with a zero byte, which careless conversions lose. */
  'zero-x': { curve: 'P-384', wanted: ({ x }: PublicKey) => x[0] === 0 },
  'zero-y': { curve: 'P-384', wanted: ({ y }: PublicKey) => y[0] === 0 },
  'p-256': { curve: 'P-256' },
  'p-521': { curve: 'P-521' },
} as const satisfies Record<string, { readonly curve: CurveName; readonly wanted?: (key: PublicKey) => boolean }>;
type OtherKey = keyof typeof OTHERS;

export type KeyName = keyof TokenKeys | OtherKey;

/** Every key a mutation may use, each derived when it is first asked for. */
export interface KeyRing {
  secret(name: KeyName): PrivateKey;
  public(name: KeyName): PublicKey;
  /** The seed of an Ed25519 key, 32 bytes. */
  readonly ed25519: Uint8Array;
}

const derive = (crypto: Crypto, entropy: Entropy, name: OtherKey): PrivateKey => {
  const { curve, ...rest } = OTHERS[name];
  const wanted = 'wanted' in rest ? rest.wanted : () => true;
  const stream = entropy.fork(name);
  for (;;) {
    const key = eccKeyFromStream(curve, { read: (length) => stream.bytes(length) });
    if (wanted(publicOf(crypto, key))) return key;
  }
};

const publicOf = (crypto: Crypto, key: PrivateKey): PublicKey => {
  const found = crypto.publicKey(key);
  if (found === undefined) throw new Bug('a derived key is no scalar of its curve');
  return found;
};

/** @param seed  any text: the other keys are the same for the same seed. */
export const keyRing = (crypto: Crypto, { cpak, rak }: TokenKeys, seed: string): KeyRing => {
  const entropy = seededEntropy(crypto, utf8(`swcca/mutate/keys/${seed}`));
  const secrets = new Map<KeyName, PrivateKey>([
    ['cpak', cpak],
    ['rak', rak],
  ]);
  const publics = new Map<KeyName, PublicKey>();
  const secret = (name: KeyName): PrivateKey => {
    const known = secrets.get(name);
    if (known !== undefined) return known;
    const made = derive(crypto, entropy, name as OtherKey);
    secrets.set(name, made);
    return made;
  };
  return {
    secret,
    public(name) {
      const known = publics.get(name) ?? publicOf(crypto, secret(name));
      publics.set(name, known);
      return known;
    },
    ed25519: entropy.fork('ed25519').bytes(32),
  };
};

import { Bug, concatBytes, fromBigEndian, toBigEndian, utf8 } from '../bytes/index.ts';
import { type CborItem, type CborMap, decode } from '../cbor/index.ts';
import { decodeSign1, sigStructure } from '../cose/index.ts';
import {
  type Crypto,
  CURVES,
  eccKeyFromStream,
  type PrivateKey,
  type PublicKey,
  scalarOf,
  seededEntropy,
} from '../crypto/index.ts';
import { invertAll, multiplyBase, N, Points, timesN } from '../crypto/p384.ts';
import { type BaseToken, keyRing, mutate, type TokenKeys } from '../mutate/index.ts';

/**
 * Tokens for load tests, signed with nonces in arithmetic progression: each costs one addition of points in place of a
 * whole multiplication. Such nonces reveal the key to whoever sees two signatures. So the keys are born here, from a seed
 * and for these tokens alone; no key is taken from anywhere, none is given away but in its public half.
 */
export interface Mint {
  /** The keys' public halves, and a token that was signed as any other. */
  readonly base: Omit<BaseToken, 'keys'>;
  readonly cpak: PublicKey;
  readonly rak: PublicKey;
  /** More tokens, each with its own challenge: the next so many. */
  next(count: number): readonly Minted[];
}

export interface Minted {
  readonly challenge: Uint8Array;
  readonly token: Uint8Array;
}

/** Tokens that are signed side by side: the inversion that they share costs a hundredth of each. */
const LANES = 256;

const { size: SIZE } = CURVES['P-384'];
const REALM_ENTRY = 44241;
const CHALLENGE = 10;

/** Where the parts that change stand in a token. */
interface Template {
  readonly token: Uint8Array;
  readonly challengeAt: number;
  readonly signatureAt: number;
  readonly toBeSigned: Uint8Array;
  readonly challengeInSigned: number;
}

const memberOf = (map: CborMap | undefined, label: number): CborItem | undefined =>
  map?.entries.find(({ key }) => key.type === 'uint' && key.value === label)?.value;

const mapIn = (item: CborItem | undefined): CborMap | undefined => (item?.type === 'map' ? item : undefined);

const templateOf = (token: Uint8Array): Template => {
  const outer = decode(token);
  const entry = memberOf(mapIn(outer.ok && outer.item.type === 'tag' ? outer.item.content : undefined), REALM_ENTRY);
  const bytes = entry?.type === 'array' ? entry.items[1] : entry;
  const sign1 = bytes?.type === 'bytes' ? decodeSign1(token, { start: bytes.headEnd, end: bytes.end }) : undefined;
  if (sign1?.ok !== true) throw new Bug('a token of ours has no Realm token');
  const { payloadItem, protectedBytes, payload, signature } = sign1.value;
  const claims = decode(token, { start: payloadItem.headEnd, end: payloadItem.end });
  const challenge = memberOf(mapIn(claims.ok ? claims.item : undefined), CHALLENGE);
  if (challenge === undefined) throw new Bug('a token of ours has no challenge');
  const toBeSigned = sigStructure(protectedBytes, payload);
  return {
    token,
    challengeAt: challenge.headEnd,
    signatureAt: signature.byteOffset - token.byteOffset,
    toBeSigned,
    challengeInSigned: toBeSigned.length - payload.length + (challenge.headEnd - payloadItem.headEnd),
  };
};

/** Lanes of nonces, each a step further at every turn. */
interface Progression {
  readonly nonces: bigint[];
  /** The multiples of the base point by the nonces, and behind them that by the step. */
  readonly points: Points;
  readonly step: bigint;
}

const ALL_LANES = Array.from({ length: LANES }, (_, lane) => lane);
const STEP = LANES;

const progression = (start: bigint, step: bigint): Progression => {
  const nonces = ALL_LANES.map((lane) => (start + BigInt(lane) * step) % N);
  const far = (step * BigInt(LANES)) % N;
  const points = new Points(LANES + 1);
  multiplyBase([...nonces, far]).forEach((point, index) => {
    points.set(index, point);
  });
  return { nonces, points, step: far };
};

const advance = ({ nonces, points, step }: Progression): void => {
  points.add(
    ALL_LANES,
    ALL_LANES.map(() => STEP),
  );
  for (const lane of ALL_LANES) nonces[lane] = ((nonces[lane] ?? 0n) + step) % N;
};

/** Keys that exist for one mint. */
const bornKeys = (crypto: Crypto, seed: string): TokenKeys & { readonly start: bigint } => {
  const entropy = seededEntropy(crypto, utf8(`swcca/mint/${seed}`));
  const key = (name: string): PrivateKey => {
    const stream = entropy.fork(name);
    return eccKeyFromStream('P-384', { read: (length) => stream.bytes(length) });
  };
  return { cpak: key('cpak'), rak: key('rak'), start: scalarOf(key('nonces')) ?? 1n };
};

/**
 * Opens a mint.
 *
 * @param base  says what the tokens say; its keys are not used.
 */
export const openMint = (crypto: Crypto, base: Omit<BaseToken, 'keys'>, seed: string): Mint => {
  const { start, ...keys } = bornKeys(crypto, seed);
  const ring = keyRing(crypto, keys, seed);
  // Signed as any other: the platform part stays as it is in every token of the mint.
  const { token } = mutate({ crypto, base: { ...base, keys }, keys: ring, seed }, { id: 'mint', bind: true });
  const template = templateOf(token);
  const secret = scalarOf(keys.rak) ?? 0n;
  const lanes = progression(start, 1n);
  const { digest } = crypto.hash('sha-384');
  const challengeHash = crypto.hash('sha-512');
  const challengeSeed = utf8(`swcca/mint/challenge/${seed}/`);
  let made = 0;

  const turn = (count: number): Minted[] => {
    const challenges = ALL_LANES.slice(0, count).map(() =>
      challengeHash.digest(concatBytes(challengeSeed, utf8(String(made++)))),
    );
    const inverses = invertAll(lanes.nonces);
    const minted = challenges.map((challenge, lane): Minted => {
      template.toBeSigned.set(challenge, template.challengeInSigned);
      const r = (lanes.points.x(lane) ?? 0n) % N;
      const hash = fromBigEndian(digest(template.toBeSigned));
      const s = timesN(inverses[lane] ?? 0n, (hash + r * secret) % N);
      const out = Uint8Array.from(template.token);
      out.set(challenge, template.challengeAt);
      out.set(toBigEndian(r, SIZE), template.signatureAt);
      out.set(toBigEndian(s, SIZE), template.signatureAt + SIZE);
      return { challenge, token: out };
    });
    advance(lanes);
    return minted;
  };

  return {
    base: { ...base, token },
    cpak: ring.public('cpak'),
    rak: ring.public('rak'),
    next(count) {
      const minted: Minted[] = [];
      while (minted.length < count) minted.push(...turn(Math.min(LANES, count - minted.length)));
      return minted;
    },
  };
};

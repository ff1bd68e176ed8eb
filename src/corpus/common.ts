import { concatBytes } from '../bytes/index.ts';
import { coseKeyBytes } from '../cose/index.ts';
import { type Crypto, type PublicKey, publicJwk, spkiPem } from '../crypto/index.ts';
import { keyRing, REFERENCES, type ReferenceName } from '../mutate/index.ts';
import { KEY_NAMES, referenceFile } from './entry.ts';
import type { Source } from './maker.ts';

type File = readonly [name: string, data: string | Uint8Array];
type Json = Readonly<Record<string, unknown>>;

export const jsonText = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** Endings of key files, by form. */
export const KEY_ENDINGS = { pem: '.pem', jwk: '.jwk.json', cose: '.cose' } as const;
export type KeyForm = keyof typeof KEY_ENDINGS;

/** A public key in all three forms. What stands outside a PEM block is ignored by whoever reads PEM (RFC 7468 2). */
const keyFiles = (name: string, key: PublicKey, mark: string, more: Json = {}): readonly File[] => [
  [`${name}${KEY_ENDINGS.pem}`, `${mark}\n${spkiPem(key)}`],
  [`${name}${KEY_ENDINGS.jwk}`, jsonText({ ...publicJwk(key), ...more, kid: mark })],
  [`${name}${KEY_ENDINGS.cose}`, coseKeyBytes(key)],
];

const twoKeys = (name: string, first: PublicKey, second: PublicKey, mark: string): readonly File[] => [
  [`${name}${KEY_ENDINGS.pem}`, `${mark}\n${spkiPem(first)}${spkiPem(second)}`],
  [`${name}${KEY_ENDINGS.jwk}`, jsonText({ keys: [publicJwk(first), publicJwk(second)] })],
  [`${name}${KEY_ENDINGS.cose}`, concatBytes(Uint8Array.of(0x82), coseKeyBytes(first), coseKeyBytes(second))],
];

interface Component {
  readonly measurement_value: string;
}

/** The first two components with the value of the other. */
const swapped = (components: readonly Component[]): readonly Component[] => {
  const [first, second, ...rest] = components;
  if (first === undefined || second === undefined) return components;
  return [
    { ...first, measurement_value: second.measurement_value },
    { ...second, measurement_value: first.measurement_value },
    ...rest,
  ];
};

const VARIATIONS = {
  base: (values) => values,
  'other-implementation': (values) => ({ ...values, implementation_id: '00'.repeat(32) }),
  'swapped-digests': (values) => ({
    ...values,
    components: swapped((values['components'] ?? []) as readonly Component[]),
  }),
  'without-rim': ({ rim: _, ...values }) => values,
  'two-configs': (values) => ({ ...values, config: [values['config'], '00'] }),
} as const satisfies Record<ReferenceName, (values: Json) => Json>;

/**
 * What tokens of a corpus are judged with: keys, the challenge, reference values.
 *
 * @param reference  reference values that the base token meets, as JSON.
 * @param mark       what every file with a key says of it.
 */
export const commonFiles = (crypto: Crypto, { base, seed }: Source, reference: Json, mark: string): readonly File[] => {
  const keys = keyRing(crypto, base.keys, seed);
  const cpak = keys.public('cpak');
  return [
    ...keyFiles(KEY_NAMES.cpak, cpak, mark),
    ...keyFiles(KEY_NAMES['p-256'], keys.public('p-256'), mark),
    ...keyFiles(KEY_NAMES['p-521'], keys.public('p-521'), mark),
    ...twoKeys(KEY_NAMES['two-keys'], keys.public('stranger'), cpak, mark),
    ...keyFiles(KEY_NAMES['jwk-es256'], cpak, mark, { alg: 'ES256' }),
    ['rak.pub.pem', `${mark}\n${spkiPem(keys.public('rak'))}`],
    ['challenge.bin', base.challenge],
    ...(Object.keys(REFERENCES) as ReferenceName[]).map(
      (name): File => [referenceFile(name), jsonText(VARIATIONS[name](reference))],
    ),
  ];
};

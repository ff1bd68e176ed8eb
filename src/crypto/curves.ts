import { fromBigEndian } from '../bytes/index.ts';
import type { CurveName, PrivateKey } from './ports.ts';

/** What this project needs to know of a curve (SEC 2, FIPS 186-5). For all three, field and order are equally wide. */
export interface Curve {
  readonly name: CurveName;
  /** Width of the order in bits. */
  readonly bits: number;
  /** Width in bytes of a coordinate, of a scalar and of each half of a signature. */
  readonly size: number;
  readonly order: bigint;
  /** The field's prime. */
  readonly prime: bigint;
}

export const CURVES = {
  'P-256': {
    name: 'P-256',
    bits: 256,
    size: 32,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
  },
  'P-384': {
    name: 'P-384',
    bits: 384,
    size: 48,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
  },
  'P-521': {
    name: 'P-521',
    bits: 521,
    size: 66,
    order:
      0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    prime: 2n ** 521n - 1n,
  },
} as const satisfies Record<CurveName, Curve>;

/** The private scalar as a number, or undefined when its width is not that of the order or it is not in [1, n-1]. */
export const scalarOf = ({ curve, scalar }: PrivateKey): bigint | undefined => {
  const { size, order } = CURVES[curve];
  if (scalar.length !== size) return undefined;
  const value = fromBigEndian(scalar);
  return value > 0n && value < order ? value : undefined;
};

import {
  type CborBytes,
  type CborItem,
  type CborMap,
  type CborProblem,
  type Decoded,
  type DecodeOptions,
  decodeEmbedded,
  decodePrefix,
  problems,
  SIMPLE,
} from '../cbor/index.ts';
import type { Sign1Deviation, Sign1Error } from './errors.ts';
import { headerDeviations, headerValue } from './header.ts';
import { HEADER, SIGN1_TAG } from './labels.ts';
import { ok, type Result } from './result.ts';

/** A COSE_Sign1 as it was written. All byte strings are views of the input. */
export interface Sign1 {
  readonly tagged: boolean;
  /** The outermost item, the tag if there is one. */
  readonly item: CborItem;
  /** The protected header byte for byte, as the signature covers it. */
  readonly protectedBytes: Uint8Array;
  readonly protected: CborMap;
  readonly unprotected: CborMap;
  readonly payload: Uint8Array;
  /** The payload with its offsets, for `decodeEmbedded`. */
  readonly payloadItem: CborBytes;
  readonly signature: Uint8Array;
  /** `alg` of the protected header, whatever it is; undefined when it is absent or neither integer nor text. */
  readonly algorithm: number | bigint | string | undefined;
  /** `kid` of either header. */
  readonly kid: Uint8Array | undefined;
  /** What the structure does wrong. A signature over a structure with deviations proves little. */
  readonly deviations: readonly Sign1Deviation[];
  /** What CBOR has to say of the envelope and of the protected header, not of the payload. */
  readonly problems: readonly CborProblem[];
}

const fail = (code: Sign1Error['code'], offset: number): Result<never, Sign1Error> => ({
  ok: false,
  error: { code, offset },
});

const notCbor = (code: Sign1Error['code'], decoded: Extract<Decoded, { ok: false }>): Result<never, Sign1Error> => ({
  ok: false,
  error: { code, offset: decoded.error.offset, cbor: decoded.error },
});

const emptyMap = (at: number): CborMap => ({
  type: 'map',
  start: at,
  headEnd: at,
  end: at,
  shortest: true,
  indefinite: false,
  entries: [],
  duplicates: [],
});

const readProtected = (source: Uint8Array, item: CborBytes): Result<CborMap, Sign1Error> => {
  if (item.value.length === 0) return ok(emptyMap(item.headEnd));
  const decoded = decodeEmbedded(source, item);
  if (!decoded.ok) return notCbor('PROTECTED_NOT_CBOR', decoded);
  return decoded.item.type === 'map' ? ok(decoded.item) : fail('PROTECTED_NOT_MAP', decoded.item.start);
};

/**
 * Reads a COSE_Sign1 (RFC 9052 4.2), tagged or not.
 *
 * Total. An error means that there is no COSE_Sign1 to look at; whatever else is wrong is in `deviations` and `problems`.
 * Nothing is verified here.
 */
export const decodeSign1 = (bytes: Uint8Array, options: DecodeOptions = {}): Result<Sign1, Sign1Error> => {
  const decoded = decodePrefix(bytes, options);
  if (!decoded.ok) return notCbor('NOT_CBOR', decoded);
  const { item } = decoded;
  const tagged = item.type === 'tag';
  if (tagged && item.tag !== SIGN1_TAG) return fail('WRONG_TAG', item.start);
  const array = tagged ? item.content : item;
  if (array.type !== 'array') return fail('NOT_ARRAY_OF_4', array.start);
  const [protectedItem, unprotected, payload, signature] = array.items;
  if (!protectedItem || !unprotected || !payload || !signature || array.items.length > 4) {
    return fail('NOT_ARRAY_OF_4', array.start);
  }
  if (protectedItem.type !== 'bytes') return fail('PROTECTED_NOT_BYTES', protectedItem.start);
  const header = readProtected(bytes, protectedItem);
  if (!header.ok) return header;
  if (unprotected.type !== 'map') return fail('UNPROTECTED_NOT_MAP', unprotected.start);
  if (payload.type === 'simple' && payload.value === SIMPLE.null) return fail('PAYLOAD_DETACHED', payload.start);
  if (payload.type !== 'bytes') return fail('PAYLOAD_NOT_BYTES', payload.start);
  if (signature.type !== 'bytes') return fail('SIGNATURE_NOT_BYTES', signature.start);

  const deviations: readonly Sign1Deviation[] = [
    ...(tagged ? [] : [{ code: 'UNTAGGED', offset: item.start } as const]),
    ...headerDeviations(header.value, unprotected),
    ...(item.end < (options.end ?? bytes.length) ? [{ code: 'TRAILING_BYTES', offset: item.end } as const] : []),
  ];
  const alg = headerValue(header.value, HEADER.alg);
  const kid = headerValue(header.value, HEADER.kid) ?? headerValue(unprotected, HEADER.kid);
  return ok({
    tagged,
    item,
    protectedBytes: protectedItem.value,
    protected: header.value,
    unprotected,
    payload: payload.value,
    payloadItem: payload,
    signature: signature.value,
    algorithm: alg?.type === 'uint' || alg?.type === 'nint' || alg?.type === 'text' ? alg.value : undefined,
    kid: kid?.type === 'bytes' ? kid.value : undefined,
    deviations,
    problems: [...problems(item), ...problems(header.value)].sort((a, b) => a.offset - b.offset),
  });
};

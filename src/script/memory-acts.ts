import { hexNumber } from '../bytes/index.ts';
import type { RealmAccess } from '../rmm/index.ts';
import type { Act, Shape, Transfer } from './ast.ts';
import { countOf, evaluate, numberOf, type Surroundings, type Value } from './evaluate.ts';
import { structureValues } from './fields.ts';
import { bytesText, type CellRecord, type Outcome, recordText, spoken } from './outcome.ts';
import { impossible, type Place } from './problem.ts';
import { realmOutcome } from './realm-acts.ts';
import type { Stage } from './stage.ts';

type Read = Extract<Act, { act: 'read' }>;
type Write = Extract<Act, { act: 'write' }>;

/** Longest run of bytes that is read at once. */
const MAX_READ = 1 << 20;

const sizeOf = (shape: Shape, around: Surroundings): number => {
  if (shape.kind === 'structure') return shape.layout.size;
  if (shape.kind === 'number') return shape.size;
  return shape.length === undefined ? 0 : countOf(shape.length, around, MAX_READ, 'the number of bytes');
};

const littleEndian = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);

/** Bytes as the shape makes sense of them. */
const understood = (shape: Shape, bytes: Uint8Array, around: Outcome): Outcome => {
  if (shape.kind === 'structure') {
    const members = shape.layout.decode(bytes) as CellRecord;
    const { text } = { text: recordText(spoken(members)) };
    return { ...around, kind: 'value', text: text === '' ? 'all zero' : text, value: bytes, members };
  }
  if (shape.kind === 'bytes') return { ...around, kind: 'value', text: bytesText(bytes), value: bytes };
  const number = littleEndian(bytes);
  const value = shape.signed ? BigInt.asUintN(64, BigInt.asIntN(8 * shape.size, number)) : number;
  return { ...around, kind: 'value', text: hexNumber(value), value };
};

const DONE: Outcome = { kind: 'done', text: 'done', members: {}, x: [] };
const FAULT: Outcome = { kind: 'fault', text: 'granule protection fault', members: {}, x: [] };

/** How the instruction is decoded, as far as it is said. */
const isvOf = (transfer: Transfer | undefined) =>
  transfer === undefined
    ? {}
    : {
        isv: {
          srt: transfer.srt,
          ...(transfer.signExtend === undefined ? {} : { signExtend: transfer.signExtend }),
          ...(transfer.sf === undefined ? {} : { sf: transfer.sf }),
        },
      };

const access = (stage: Stage, place: Place, request: RealmAccess): Outcome =>
  realmOutcome(stage, place, () => stage.platform(place).realmAccess(request, stage.pe));

export const read = (stage: Stage, place: Place, { by, shape, address, transfer }: Read): Outcome => {
  const around = stage.around(place);
  const at = numberOf(address, around);
  const length = sizeOf(shape, around);
  if (by === 'host') {
    const bytes = stage.platform(place).read(at, length);
    return bytes === undefined ? FAULT : understood(shape, bytes, DONE);
  }
  const outcome = access(stage, place, { access: 'read', ipa: at, length, ...isvOf(transfer) });
  return outcome.kind === 'value' ? understood(shape, outcome.value as Uint8Array, outcome) : outcome;
};

const numberBytes = (shape: Extract<Shape, { kind: 'number' }>, value: bigint, place: Place): Uint8Array => {
  const bits = 8 * shape.size;
  const fits = shape.signed || value >> BigInt(bits) === 0n;
  if (!fits) throw impossible(place, `${shape.type} takes at most 0x${((1n << BigInt(bits)) - 1n).toString(16)}`);
  return Uint8Array.from({ length: shape.size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
};

/** The bytes of an act, given those that are there. */
const bytesOf = (
  { shape, value, keeps }: Write,
  place: Place,
  around: Surroundings,
  now: () => Uint8Array,
): Uint8Array => {
  if (shape.kind === 'structure') {
    const fields = 'kind' in value ? [] : value;
    if (!keeps) return shape.layout.encode(structureValues(shape.layout, fields, around) as never);
    const bytes = now().slice();
    shape.layout.write(bytes, structureValues(shape.layout, fields, around, shape.layout.decode(bytes)) as never);
    return bytes;
  }
  if (!('kind' in value)) throw impossible(place, 'a value is missing');
  if (shape.kind === 'number') return numberBytes(shape, numberOf(value, around), value);
  const bytes: Value = evaluate(value, around);
  if (typeof bytes === 'bigint') throw impossible(value, 'bytes are needed here, this is a number: hex"00ff", "text"');
  return bytes;
};

export const write = (stage: Stage, place: Place, act: Write): Outcome => {
  const around = stage.around(place);
  const at = numberOf(act.address, around);
  const platform = stage.platform(place);
  const current = (): Uint8Array => platform.memory.read(at, sizeOf(act.shape, around));
  const bytes = bytesOf(act, place, around, current);
  if (act.by === 'host') return platform.write(at, bytes) ? DONE : FAULT;
  return access(stage, place, { access: 'write', ipa: at, bytes, ...isvOf(act.transfer) });
};

const INSTRUCTION = 4;

export const fetch = (stage: Stage, place: Place, act: Extract<Act, { act: 'fetch' }>): Outcome => {
  const around = stage.around(place);
  const length = act.length === undefined ? INSTRUCTION : countOf(act.length, around, MAX_READ, 'the number of bytes');
  return access(stage, place, { access: 'fetch', ipa: numberOf(act.address, around), length });
};

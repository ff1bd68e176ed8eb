import { equalBytes } from '../bytes/index.ts';
import type { CborMap } from '../cbor/index.ts';
import { type At, bytesInTag, isDigestSize, mapAt, memberAt, oneDigestAt, refuse, TAG } from './corim-items.ts';
import {
  CLASS_ID,
  type CorimGeneration,
  ENVIRONMENT,
  type MeasurementAt,
  measurementAt,
  rawValueAt,
  VALUE,
} from './corim-platform.ts';

/** What a CoRIM says of a Realm, which is found by its RIM. */
export interface CorimRealm {
  readonly rim: Uint8Array;
  /** REM 1 to 4; null is not said. */
  readonly rems: readonly (Uint8Array | null)[];
  readonly rpv?: Uint8Array;
}

const REM_COUNT = 4;

/** Names of the registers: after `cca.` in keys since 2025, alone before. */
const RIM = 'rim';
const RPV = 'rpv';
const PREFIX = 'cca.';
const remIndex = (name: string): number | undefined => {
  const [, digit] = /^rem([0-3])$/.exec(name) ?? [];
  return digit === undefined ? undefined : Number(digit);
};

const rimAt = (at: At | undefined, path: string): Uint8Array => {
  if (at === undefined) return refuse('CLASS_MISSING', path);
  const rim = bytesInTag(at.item, TAG.bytes);
  if (rim === undefined) return refuse('CLASS_TYPE', at.path);
  return isDigestSize(rim.length) ? rim : refuse('CLASS_SIZE', at.path);
};

const rimOfEnvironment = (environment: At<CborMap>, generation: CorimGeneration): Uint8Array => {
  if (generation === 'ssd-1') {
    return rimAt(memberAt(environment, ENVIRONMENT.instance, 'instance'), environment.path);
  }
  const classMap = memberAt(environment, ENVIRONMENT.class, 'class');
  return rimAt(classMap && memberAt(mapAt(classMap, 'CLASS_TYPE'), CLASS_ID, 'id'), environment.path);
};

const nameOf = ({ key, value }: MeasurementAt): string => {
  if (key === undefined) return refuse('MKEY_MISSING', value.path);
  if (key.item.type !== 'text') return refuse('MKEY_TYPE', key.path);
  const { value: name } = key.item;
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : refuse('MKEY_UNKNOWN', key.path);
};

/** What is being read of a Realm. */
interface Draft {
  rim: Uint8Array | undefined;
  readonly rems: (Uint8Array | null)[];
  rpv: Uint8Array | undefined;
}

const setRegister = (draft: Draft, name: string, digests: At | undefined, path: string): void => {
  const index = remIndex(name);
  if (name !== RIM && index === undefined) refuse('MKEY_UNKNOWN', path);
  const value = digests === undefined ? refuse('DIGESTS_MISSING', path) : oneDigestAt(digests);
  if ((index === undefined ? draft.rim : (draft.rems[index] ?? undefined)) !== undefined) refuse('MKEY_REPEATED', path);
  if (index === undefined) draft.rim = value;
  else draft.rems[index] = value;
};

const read2025 = (draft: Draft, measurement: MeasurementAt): void => {
  const { value } = measurement;
  const name = nameOf(measurement);
  if (name !== RPV) setRegister(draft, name, memberAt(value, VALUE.digests, 'digests'), value.path);
  else if (draft.rpv !== undefined) refuse('MKEY_REPEATED', value.path);
  else draft.rpv = rawValueAt(value);
};

/** Before 2025 one measurement without a key held all registers by name, and the personalization value. */
const readSsd1 = (draft: Draft, { value }: MeasurementAt): void => {
  const registers = memberAt(value, VALUE.registers, 'integrity-registers') ?? refuse('DIGESTS_MISSING', value.path);
  for (const { key, value: digests } of mapAt(registers, 'DIGESTS').item.entries) {
    const { path } = registers;
    const name = key.type === 'text' ? key.value : refuse('MKEY_TYPE', path);
    setRegister(draft, name, { item: digests, path }, path);
  }
  if (memberAt(value, VALUE.rawValue, 'raw-value') !== undefined) draft.rpv = rawValueAt(value);
};

/** A reference triple of a Realm. */
export const realmReference = (
  environment: At<CborMap>,
  measurements: readonly At[],
  generation: CorimGeneration,
): CorimRealm => {
  const rim = rimOfEnvironment(environment, generation);
  const draft: Draft = { rim: undefined, rems: Array<null>(REM_COUNT).fill(null), rpv: undefined };
  for (const each of measurements) (generation === '2025' ? read2025 : readSsd1)(draft, measurementAt(each));
  if (draft.rim === undefined) refuse('RIM_MISSING', environment.path);
  else if (!equalBytes(draft.rim, rim)) refuse('RIM_DIFFERS', environment.path);
  return { rim, rems: draft.rems, ...(draft.rpv === undefined ? {} : { rpv: draft.rpv }) };
};

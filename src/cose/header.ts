import type { CborItem, CborMap } from '../cbor/index.ts';
import type { Sign1Deviation } from './errors.ts';
import { HEADER } from './labels.ts';

/** Labels are integers and texts (RFC 9052 1.4). */
type Label = number | bigint | string;

const labelOf = (item: CborItem): Label | undefined =>
  item.type === 'uint' || item.type === 'nint' || item.type === 'text' ? item.value : undefined;

/** The first value under `label`. */
export const headerValue = (header: CborMap, label: Label): CborItem | undefined =>
  header.entries.find(({ key }) => labelOf(key) === label)?.value;

/** Labels that a reader of this project acts on, or that change nothing for it: what `crit` may name (RFC 9052 3.1). */
const UNDERSTOOD: readonly Label[] = Object.values(HEADER);

const critDeviations = (header: CborMap): readonly Sign1Deviation[] => {
  const crit = headerValue(header, HEADER.crit);
  if (crit === undefined) return [];
  if (crit.type !== 'array' || crit.items.length === 0) return [{ code: 'CRIT_MALFORMED', offset: crit.start }];
  const present = new Set(header.entries.map(({ key }) => labelOf(key)));
  return crit.items.flatMap((item): Sign1Deviation[] => {
    const label = labelOf(item);
    if (label === undefined) return [{ code: 'CRIT_MALFORMED', offset: item.start }];
    if (!present.has(label)) return [{ code: 'CRIT_ABSENT', offset: item.start }];
    return UNDERSTOOD.includes(label) ? [] : [{ code: 'CRIT_UNKNOWN', offset: item.start }];
  });
};

const labelDeviations = (header: CborMap, unprotected: CborMap): readonly Sign1Deviation[] => {
  const seen = new Set<Label>();
  return [...header.entries, ...unprotected.entries].flatMap(({ key }): Sign1Deviation[] => {
    const label = labelOf(key);
    if (label === undefined) return [{ code: 'LABEL_MALFORMED', offset: key.start }];
    if (seen.has(label)) return [{ code: 'LABEL_DUPLICATE', offset: key.start }];
    seen.add(label);
    return [];
  });
};

const placeDeviations = (header: CborMap, unprotected: CborMap): readonly Sign1Deviation[] => {
  const found: Sign1Deviation[] = [];
  if (headerValue(header, HEADER.alg) === undefined) found.push({ code: 'ALG_MISSING', offset: header.start });
  const alg = headerValue(unprotected, HEADER.alg);
  if (alg !== undefined) found.push({ code: 'ALG_UNPROTECTED', offset: alg.start });
  const crit = headerValue(unprotected, HEADER.crit);
  if (crit !== undefined) found.push({ code: 'CRIT_UNPROTECTED', offset: crit.start });
  return found;
};

/** What both headers of a COSE structure do wrong together (RFC 9052 3). */
export const headerDeviations = (header: CborMap, unprotected: CborMap): readonly Sign1Deviation[] => [
  ...labelDeviations(header, unprotected),
  ...placeDeviations(header, unprotected),
  ...critDeviations(header),
];

import type { CborItem, CborMap } from '../cbor/index.ts';
import type { Sign1Deviation } from './errors.ts';
import { HEADER } from './labels.ts';

type Label = number | bigint | string;

/** A label as such, or undefined for what is none: labels are integers and texts (RFC 9052 1.4). */
const labelOf = (item: CborItem): Label | undefined =>
  item.type === 'uint' || item.type === 'nint' || item.type === 'text' ? item.value : undefined;

/** The first value under `label`. */
export const headerValue = (header: CborMap, label: Label): CborItem | undefined =>
  header.entries.find(({ key }) => labelOf(key) === label)?.value;

/** Labels that a reader of this project acts on, or that change nothing for it: what `crit` may name (RFC 9052 3.1). */
const UNDERSTOOD: readonly Label[] = Object.values(HEADER);

const critDeviations = (header: CborMap): Sign1Deviation[] => {
  const crit = headerValue(header, HEADER.crit);
  if (crit === undefined) return [];
  if (crit.type !== 'array' || crit.items.length === 0) return [{ code: 'CRIT_MALFORMED', offset: crit.start }];
  return crit.items.flatMap((item): Sign1Deviation[] => {
    const label = labelOf(item);
    if (label === undefined) return [{ code: 'CRIT_MALFORMED', offset: item.start }];
    if (headerValue(header, label) === undefined) return [{ code: 'CRIT_ABSENT', offset: item.start }];
    return UNDERSTOOD.includes(label) ? [] : [{ code: 'CRIT_UNKNOWN', offset: item.start }];
  });
};

/** What both headers of a COSE structure do wrong together (RFC 9052 3). */
export const headerDeviations = (header: CborMap, unprotected: CborMap): Sign1Deviation[] => {
  const found: Sign1Deviation[] = [];
  const seen = new Set<Label>();
  for (const { key } of [...header.entries, ...unprotected.entries]) {
    const label = labelOf(key);
    if (label === undefined) found.push({ code: 'LABEL_MALFORMED', offset: key.start });
    else if (seen.has(label)) found.push({ code: 'LABEL_DUPLICATE', offset: key.start });
    else seen.add(label);
  }
  if (headerValue(header, HEADER.alg) === undefined) found.push({ code: 'ALG_MISSING', offset: header.start });
  const stray = headerValue(unprotected, HEADER.alg);
  if (stray !== undefined) found.push({ code: 'ALG_UNPROTECTED', offset: stray.start });
  const strayCrit = headerValue(unprotected, HEADER.crit);
  if (strayCrit !== undefined) found.push({ code: 'CRIT_UNPROTECTED', offset: strayCrit.start });
  return [...found, ...critDeviations(header)];
};

import { hexNumber, toHex } from '../../bytes/index.ts';
import { type Act, type ActName, FAULT_PLAN_VERSION, type FaultPlan, type When } from '../../fault/index.ts';
import { SPELLED } from '../fault-plan.ts';

const whenText = (when: When): string => {
  if ('always' in when) return '{ always: true }';
  if ('challenge' in when) return `{ challenge: "${toHex(when.challenge)}" }`;
  return `{ nth: [${when.nth.map(({ from, to }) => (from === to ? `${from}` : `${from}..${to}`)).join(', ')}] }`;
};

const flow = (members: Readonly<Record<string, unknown>>): string =>
  `{ ${Object.entries(members)
    .map(([name, value]) => `${name}: ${valueText(value)}`)
    .join(', ')} }`;

const valueText = (value: unknown): string => {
  if (value instanceof Uint8Array) return `"${toHex(value)}"`;
  if (typeof value === 'bigint') return hexNumber(value);
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  return typeof value === 'object' && value !== null ? flow(value as Record<string, unknown>) : String(value);
};

/** The value of an act as a plan has it: registers by their names, bytes as hexadecimal. */
const written = (name: ActName, act: Act): unknown => {
  if (name === 'set' || name === 'args') return Object.fromEntries((act[name] ?? []).map((r) => [`x${r.x}`, r.value]));
  if (name === 'write' && act.write !== undefined) return { at: act.write.at, hex: act.write.bytes };
  const claim = name === 'claims' ? act.claims : undefined;
  if (claim !== undefined && 'set' in claim && claim.value instanceof Uint8Array) {
    return { ...claim, value: { hex: claim.value } };
  }
  return act[name];
};

/** A plan as `--faults` takes it; it fails where one of its faults does not act. */
export const planText = ({ model, faults }: FaultPlan): string => {
  const lines = faults.map(({ at, when, act }) => {
    const acts = (Object.keys(act) as ActName[]).map((name) => [SPELLED[name], written(name, act)]);
    return `  - { at: ${at}, when: ${whenText(when)}, act: ${flow(Object.fromEntries(acts))} }\n`;
  });
  return `version: ${FAULT_PLAN_VERSION}\nmodel: ${model}\nfaults:${lines.length === 0 ? ' []' : ''}\n${lines.join('')}`;
};

import { toHex, utf8 } from '../../bytes/index.ts';
import type { Entropy } from '../../crypto/index.ts';
import {
  type Act,
  type ActName,
  actsOf,
  FAULT_ERRNOS,
  FAULT_MODELS,
  FAULT_PLAN_VERSION,
  type Fault,
  type FaultModel,
  type FaultPlan,
  HIDEABLE,
  SEAMS,
  type Seam,
  type When,
} from '../../fault/index.ts';

const TREE_SEAMS = (Object.keys(SEAMS) as Seam[]).filter((seam) => seam.startsWith('tsm.'));

/** A number below `limit` out of the next bytes. */
export const below = (entropy: Entropy, limit: number): number => {
  const [a = 0, b = 0, c = 0] = entropy.bytes(3);
  return ((a << 16) | (b << 8) | c) % limit;
};
const oneOf = <T>(entropy: Entropy, choices: readonly T[]): T => choices[below(entropy, choices.length)] as T;

/** What an attribute may say in place of what it should. */
const TEXTS = ['', '\n', 'tdx_guest\n', '0\n', '1', '-1\n', '4294967296\n', '18446744073709551616\n', 'x'.repeat(4096)];

type Draw = (entropy: Entropy) => Act;
const DRAWS: Readonly<Partial<Record<ActName, Draw>>> = {
  errno: (entropy) => ({ errno: oneOf(entropy, FAULT_ERRNOS) }),
  race: (entropy) => ({ race: entropy.bytes(oneOf(entropy, [64, 64, 64, 32, 1])) }),
  short: (entropy) => ({ short: oneOf(entropy, [1, 7, 63, 1000]) }),
  hide: (entropy) => ({ hide: [oneOf(entropy, HIDEABLE)] }),
  flip: (entropy) => ({ flip: below(entropy, 20_000) }),
  truncate: (entropy) => ({ truncate: oneOf(entropy, [0, 1, 100, 2000]) }),
  pad: (entropy) => ({ pad: oneOf(entropy, [1, 4096]) }),
  replace: (entropy) => ({ replace: utf8(oneOf(entropy, TEXTS)) }),
};

const drawWhen = (entropy: Entropy): When => {
  const nth = 1 + below(entropy, 3);
  return oneOf<When>(entropy, [{ always: true }, { nth: [{ from: nth, to: nth }] }, { nth: [{ from: 1, to: nth }] }]);
};

/** A client that tries again after these is right to, and would never end if they never did. */
const RETRIED: readonly Act['errno'][] = ['EINTR', 'EBUSY', 'EWOULDBLOCK'];
const FEW: When = { nth: [{ from: 1, to: 3 }] };

const passing = (fault: Fault): Fault =>
  'always' in fault.when && fault.act.errno !== undefined && RETRIED.includes(fault.act.errno)
    ? { ...fault, when: FEW }
    : fault;

const drawFault = (entropy: Entropy, model: FaultModel): Fault => {
  const at = oneOf(entropy, TREE_SEAMS);
  const name = oneOf(entropy, actsOf(model, at));
  const act = DRAWS[name]?.(entropy) ?? {};
  return passing({ at, when: drawWhen(entropy), act, requireFired: false });
};

/** A plan of one to four faults, of either model. */
export const drawPlan = (entropy: Entropy): FaultPlan => {
  const model = oneOf(entropy, FAULT_MODELS);
  const count = 1 + below(entropy, 4);
  return { model, faults: Array.from({ length: count }, () => drawFault(entropy, model)) };
};

/** What each act does at its plainest. */
const PLAIN: Readonly<Partial<Record<ActName, readonly Act[]>>> = {
  errno: [{ errno: 'EINTR' }, { errno: 'EBUSY' }, { errno: 'EWOULDBLOCK' }, { errno: 'EIO' }],
  race: [{ race: new Uint8Array(64).fill(0x5a) }],
  short: [{ short: 1 }],
  hide: HIDEABLE.map((name) => ({ hide: [name] })),
  flip: [{ flip: 0 }],
  truncate: [{ truncate: 0 }, { truncate: 100 }],
  pad: [{ pad: 4096 }],
  replace: TEXTS.map((text) => ({ replace: utf8(text) })),
};

/** No fault; then each that there is, by itself: the first time, and always. */
export const knownPlans = (): readonly FaultPlan[] => {
  const whens: readonly When[] = [{ nth: [{ from: 1, to: 1 }] }, { always: true }];
  const single = (['host', 'rmm'] as const satisfies readonly FaultModel[]).flatMap((model) =>
    TREE_SEAMS.flatMap((at) =>
      actsOf(model, at)
        // What a Host can do is done under that model.
        .filter((name) => model === 'host' || !actsOf('host', at).includes(name))
        .flatMap((name) => PLAIN[name] ?? [])
        .flatMap((act) =>
          whens.map(
            (when): FaultPlan => ({
              model,
              faults: [passing({ at, when, act, requireFired: false })],
            }),
          ),
        ),
    ),
  );
  return [{ model: 'host', faults: [] }, ...single];
};

/** Plans that are simpler: without a fault, or with one that acts less often. */
export function* simplerPlans(plan: FaultPlan): Generator<FaultPlan> {
  const { faults } = plan;
  for (const i of faults.keys()) yield { ...plan, faults: faults.filter((_, at) => at !== i) };
  const once: When = { nth: [{ from: 1, to: 1 }] };
  for (const [i, fault] of faults.entries()) {
    const isOnce = 'nth' in fault.when && fault.when.nth.every(({ to }) => to === 1);
    if (!isOnce) yield { ...plan, faults: faults.with(i, { ...fault, when: once }) };
  }
}

const whenText = (when: When): string => {
  if ('always' in when) return '{ always: true }';
  if ('challenge' in when) return `{ challenge: "${toHex(when.challenge)}" }`;
  return `{ nth: [${when.nth.map(({ from, to }) => (from === to ? `${from}` : `${from}..${to}`)).join(', ')}] }`;
};

const valueText = (value: unknown): string => {
  if (value instanceof Uint8Array) return `"${toHex(value)}"`;
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
};

/** A plan as `--faults` takes it; it fails where one of its faults does not act. */
export const planText = ({ model, faults }: FaultPlan): string => {
  const lines = faults.map(({ at, when, act }) => {
    const acts = Object.entries(act).map(([name, value]) => `${name}: ${valueText(value)}`);
    return `  - { at: ${at}, when: ${whenText(when)}, act: { ${acts.join(', ')} } }\n`;
  });
  return `version: ${FAULT_PLAN_VERSION}\nmodel: ${model}\nfaults:${lines.length === 0 ? ' []' : ''}\n${lines.join('')}`;
};

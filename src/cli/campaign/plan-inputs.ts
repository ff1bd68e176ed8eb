import type { Entropy } from '../../crypto/index.ts';
import {
  type Act,
  type ActName,
  actsOf,
  FAULT_MODELS,
  type Fault,
  type FaultModel,
  type FaultPlan,
  type Seam,
  type When,
} from '../../fault/index.ts';
import { below, oneOf } from './draw.ts';
import { planText } from './plan-text.ts';
import type { Target } from './target.ts';

/** What fault plans for a kind of client are made of. */
export interface PlanKind {
  /** Where faults are drawn; a seam that stands here twice is drawn twice as often. */
  readonly seams: readonly Seam[];
  /** How the acts are drawn that are; others are for plans that somebody writes. */
  readonly draws: Readonly<Partial<Record<ActName, (entropy: Entropy) => Act>>>;
  /** What each of them does at its plainest. */
  readonly plain: Readonly<Partial<Record<ActName, readonly Act[]>>>;
  /** When the plain ones act. */
  readonly whens: readonly When[];
  /** A fault under which a sound client still comes to an end. */
  readonly passing: (fault: Fault) => Fault;
}

const ONCE: When = { nth: [{ from: 1, to: 1 }] };

const drawWhen = (entropy: Entropy): When => {
  const nth = 1 + below(entropy, 3);
  return oneOf<When>(entropy, [{ always: true }, { nth: [{ from: nth, to: nth }] }, { nth: [{ from: 1, to: nth }] }]);
};

/** Plans that are simpler: without a fault, or with one that acts less often. */
export function* simplerPlans(plan: FaultPlan): Generator<FaultPlan> {
  const { faults } = plan;
  for (const i of faults.keys()) yield { ...plan, faults: faults.filter((_, at) => at !== i) };
  for (const [i, fault] of faults.entries()) {
    const isOnce = 'nth' in fault.when && fault.when.nth.every(({ to }) => to === 1);
    if (!isOnce) yield { ...plan, faults: faults.with(i, { ...fault, when: ONCE }) };
  }
}

/** No fault; then each that there is, by itself; then one to four of them, of either model. */
export const planInputs = ({
  seams,
  draws,
  plain,
  whens,
  passing,
}: PlanKind): Pick<Target<FaultPlan>, 'sound' | 'known' | 'draw' | 'simpler' | 'files'> => {
  const actsAt = (model: FaultModel, at: Seam): readonly ActName[] =>
    actsOf(model, at).filter((name) => draws[name] !== undefined);
  const single = (['host', 'rmm'] as const satisfies readonly FaultModel[]).flatMap((model) =>
    [...new Set(seams)].flatMap((at) =>
      actsAt(model, at)
        // What a Host can do is done under that model.
        .filter((name) => model === 'host' || !actsOf('host', at).includes(name))
        .flatMap((name) => plain[name] ?? [])
        .flatMap((act) =>
          whens.map((when): FaultPlan => ({ model, faults: [passing({ at, when, act, requireFired: false })] })),
        ),
    ),
  );
  const sound: FaultPlan = { model: 'host', faults: [] };
  return {
    sound: [sound],
    known: [sound, ...single],
    draw(entropy) {
      const model = oneOf(entropy, FAULT_MODELS);
      const places = seams.filter((at) => actsAt(model, at).length > 0);
      const drawn = (): Fault => {
        const at = oneOf(entropy, places);
        const act = draws[oneOf(entropy, actsAt(model, at))]?.(entropy) ?? {};
        return passing({ at, when: drawWhen(entropy), act, requireFired: false });
      };
      return { model, faults: Array.from({ length: 1 + below(entropy, 4) }, drawn) };
    },
    simpler: simplerPlans,
    files: (plan) => ({ 'plan.yaml': planText(plan) }),
  };
};

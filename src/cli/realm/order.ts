import { type BuildStep, defaultOrder, type RealmPlan } from '../../host/index.ts';
import { misfit, type Place, type Placed } from '../yaml/read.ts';
import type { OrderStep } from './shape.ts';

type Lists = Pick<RealmPlan, 'ripas' | 'loads' | 'recs'>;

/** Every part of the Realm exactly once: what the order leaves out would silently not be built. */
export const explicitOrder = (
  steps: readonly Placed<OrderStep>[],
  lists: Lists,
  place: Place | undefined,
): BuildStep[] => {
  const all = defaultOrder(lists);
  const order: BuildStep[] = [];
  for (const { value, place: at } of steps) {
    const meant = all.filter(
      ({ build, index }) => build === value.build && (value.index === 'all' || value.index === index),
    );
    if (meant.length === 0 && value.index !== 'all')
      throw misfit(at, `there is no ${value.build} with index ${value.index}`);
    for (const step of meant) {
      if (order.some((done) => same(done, step)))
        throw misfit(at, `${step.build} ${step.index} is already in the order`);
      order.push(step);
    }
  }
  const missing = all.find((step) => !order.some((done) => same(done, step)));
  if (missing !== undefined && place !== undefined) {
    throw misfit(place, `leaves out ${missing.build} ${missing.index}; name each part once`);
  }
  return order;
};

const same = (a: BuildStep, b: BuildStep): boolean => a.build === b.build && a.index === b.index;

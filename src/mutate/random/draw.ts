import type { Dialect } from '../../token/index.ts';
import type { TreeEdit } from '../edit.ts';
import type { Part } from '../wire.ts';
import type { Draws } from './draws.ts';
import type { Effect, Step } from './step.ts';
import type { Spot } from './survey.ts';

/** What steps are drawn from. */
export interface Ground {
  readonly draws: Draws;
  readonly dialect: Dialect;
  readonly spots: Readonly<Record<Part, readonly Spot[]>>;
  /** Bits of the whole token. */
  readonly bits: number;
}

/** One kind of step, on this ground; undefined when there is no place for it. */
export type Draw = (ground: Ground) => Step | undefined;

/** The key of the Realm: what changes it has to be bound anew. */
export const RAK = 'realm/44237';
export const PARTS: readonly Part[] = ['platform', 'realm'];

export const partOf = ({ draws }: Ground): Part => draws.pick(PARTS) ?? 'realm';

/** A place in the claims, outside the key of the Realm. */
export const spotOf = (ground: Ground, wanted: (spot: Spot) => boolean = () => true): Spot | undefined => {
  const part = partOf(ground);
  return ground.draws.pick(ground.spots[part].filter((spot) => !spot.place.startsWith(RAK) && wanted(spot)));
};

type MakeStep = (kind: string, touches: readonly string[], operation: Step['operation']) => Step;

/** Makes steps of one effect. */
export const stepOf =
  (effect: Effect): MakeStep =>
  (kind, touches, operation) => ({ kind, effect, operation, touches });

/** Draws steps that edit one place before the token is signed, among those that are wanted. */
export const drawOn =
  (step: MakeStep) =>
  (
    kind: string,
    edit: (ground: Ground, spot: Spot) => TreeEdit,
    wanted?: (spot: Spot, ground: Ground) => boolean,
  ): Draw =>
  (ground) => {
    const spot = spotOf(ground, wanted && ((each) => wanted(each, ground)));
    return spot && step(kind, [spot.place], { before: [edit(ground, spot)] });
  };

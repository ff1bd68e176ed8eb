import { GRANULE, RSI_STATUS } from '../abi/index.ts';
import type { Act } from './format.ts';

const SUCCESS = BigInt(RSI_STATUS.RSI_SUCCESS);
const INCOMPLETE = BigInt(RSI_STATUS.RSI_INCOMPLETE);

/** What the acts of one INIT add up to; what is not there stays as a sound RMM has it. */
export interface InitPlan {
  readonly fails?: true;
  readonly status?: bigint;
  /** The upper bound: a value, so much less than the token has, or X1 as it came. */
  readonly bound?: bigint | { readonly less: number } | 'left';
  readonly total?: number;
  readonly chunk?: number;
  readonly stale?: true;
}

/** What the acts of one CONTINUE add up to. */
export interface ContinuePlan {
  readonly limit?: number;
  /** No byte comes. */
  readonly holds?: true;
  readonly status?: bigint;
  /** X1: a value, so much more than came, or as it was. */
  readonly length?: bigint | { readonly more: bigint } | 'left';
  readonly ends?: true;
  readonly drops?: true;
  readonly restarts?: true;
  readonly from?: 'before' | 'after';
  readonly place?: number;
  readonly spoiled?: number;
  readonly unwritten?: true;
  readonly stale?: true;
}

const INIT: Readonly<Record<string, (value: bigint) => InitPlan>> = {
  status: (status) => ({ fails: true, status, bound: 0n }),
  relabel: (status) => ({ status }),
  bound: (bound) => ({ bound }),
  short: (value) => ({ bound: { less: Number(value) } }),
  total: (value) => ({ total: Number(value) }),
  chunk: (value) => ({ chunk: Number(value) || Number(GRANULE) }),
  stale: () => ({ stale: true }),
  leave: () => ({ bound: 'left' }),
};

const CONTINUE: Readonly<Record<string, (value: bigint) => ContinuePlan>> = {
  wait: () => ({ holds: true }),
  piece: (value) => ({ limit: Number(value) }),
  status: (status) => ({ holds: true, status }),
  relabel: (status) => ({ status }),
  length: (length) => ({ length }),
  more: (more) => ({ length: { more } }),
  end: () => ({ holds: true, ends: true, status: SUCCESS }),
  spoil: (value) => ({ spoiled: Number(value) }),
  repeat: () => ({ from: 'before' }),
  ahead: () => ({ from: 'after' }),
  place: (value) => ({ place: Number(value % GRANULE) }),
  unwritten: () => ({ unwritten: true }),
  stale: () => ({ stale: true }),
  restart: () => ({ restarts: true }),
  drop: () => ({ holds: true, drops: true }),
  leave: () => ({ holds: true, status: INCOMPLETE, length: 'left' }),
};

/** Joins what acts say. Of two that say something of the same thing, the later one holds. */
const joined = <P extends object>(acts: readonly Act[], table: Readonly<Record<string, (value: bigint) => P>>): P =>
  acts.reduce((plan, { name, value }) => Object.assign(plan, table[name]?.(value)), {} as P);

export const initPlan = (acts: readonly Act[]): InitPlan => joined(acts, INIT);
export const continuePlan = (acts: readonly Act[]): ContinuePlan => joined(acts, CONTINUE);

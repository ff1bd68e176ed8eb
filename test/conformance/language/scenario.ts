import type { Setup, StartDriver } from './driver.ts';
import { World } from './world.ts';

/** A sequence of calls and what is to be seen of it, where a row of one command does not say it. */
export interface Scenario {
  /** Unique; that of the sheet or suite that asks for it. */
  readonly id: string;
  /** The section that it is about. */
  readonly spec: string;
  readonly title: string;
  run(start: StartDriver): void;
}

/** @param run  throws where what is to be seen is not. */
export const scenario = (
  id: string,
  spec: string,
  title: string,
  run: (w: World) => void,
  setup: Setup = {},
): Scenario => ({
  id,
  spec: `RMM 1.0 ${spec}`,
  title,
  run: (start) => run(new World(start(setup))),
});

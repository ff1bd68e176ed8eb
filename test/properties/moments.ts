import type { Platform } from '../../src/platform/index.ts';
import type { Command } from '../../src/spec/index.ts';
import { inProcess } from '../conformance/language/in-process.ts';
import { psciRows } from '../conformance/psci/index.ts';
import { rmiRows } from '../conformance/rmi/index.ts';
import { rsiRows } from '../conformance/rsi/index.ts';

/** A machine on which a command is about to succeed. */
export interface Moment {
  readonly command: Command;
  readonly caller: 'host' | 'realm';
  /** Forked for each call that is tried. */
  readonly platform: Platform;
  readonly x: readonly bigint[];
}

/** One moment for each command, taken from the valid call of its conformance rows. */
export const createMoments = (): readonly Moment[] =>
  [...rmiRows, ...rsiRows, ...psciRows].map(({ command, rows }) => {
    let moment: Moment | undefined;
    const row = rows.find(({ kind, label }) => kind === 'also' && label === 'a valid call');
    row?.run((setup) => {
      const driver = inProcess(setup);
      const keep = (caller: Moment['caller'], x: readonly bigint[]): void => {
        if (x[0] !== BigInt(command.fid) || driver.inside === undefined) return;
        moment = { command, caller, platform: driver.inside.platform.fork(), x };
      };
      return {
        ...driver,
        smc: (x, pe) => {
          keep('host', x);
          return driver.smc(x, pe);
        },
        realmSmc: (x, pe) => {
          keep('realm', x);
          return driver.realmSmc(x, pe);
        },
      };
    });
    if (moment === undefined) throw new Error(`${command.name} has no valid call`);
    return moment;
  });

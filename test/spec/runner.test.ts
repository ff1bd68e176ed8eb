import { describe, expect, test } from 'vitest';
import {
  answer,
  type Command,
  commandsOn,
  execute,
  once,
  physAddr,
  prepare,
  reg,
  reordered,
  uint,
  withFailure,
  without,
  writeOutputs,
} from '../../src/spec/index.ts';
import type { TraceEvent } from '../../src/trace/index.ts';

/** A monitor of one number, and a log of what is looked at. */
interface View {
  readonly level: number;
  readonly log: string[];
}
interface Model extends View {
  level: number;
}

const onMonitor = commandsOn<View, Model, string, { readonly exit: string }>();

const raise = onMonitor({
  name: 'RAISE',
  fid: 0x1,
  spec: 'a test',
  summary: 'Raises the level.',
  inputs: { by: reg(1, uint, 'how far'), where: reg(2, physAddr, 'where') },
  outputs: { level: reg(1, uint, 'the level'), twice: reg(3, uint, 'twice as much') },
  context: {
    next: ({ by, rmm }) => {
      rmm.log.push('context next');
      return rmm.level + by;
    },
  },
  failures: {
    by_zero: { pre: ({ by, rmm }) => seen(rmm, 'by_zero') && by === 0, post: 'ZERO', says: 'by is zero' },
    by_odd: {
      pre: ({ by, rmm }) => seen(rmm, 'by_odd') && by % 2 === 1,
      post: ({ by }) => ({ result: 'ODD', out: { level: by } }),
      says: 'by is odd',
    },
    next_high: {
      pre: ({ next, rmm }) => seen(rmm, 'next_high') && next > 10,
      post: ({ next }) => `HIGH(${next})`,
      says: 'the level would be too high',
    },
  },
  order: [[['by_zero'], ['next_high']]],
  before: ({ rmm }) => ({ level: rmm.level }),
  effect: ({ by, rmm, before }) => {
    rmm.log.push('effect');
    rmm.level = before.level + by;
    return { level: rmm.level, twice: 2 * rmm.level };
  },
  success: {
    level: ({ rmm, before, by }) => rmm.level === before.level + by,
    out: ({ out, rmm }) => out.level === rmm.level,
  },
  footprint: { level: () => ({ table: 'monitor', key: 0n, member: 'level' }) },
});

const seen = ({ log }: View, id: string): boolean => {
  log.push(id);
  return true;
};

const run = (command: Command<string>, by: bigint, level = 0) => {
  const model: Model = { level, log: [] };
  const events: TraceEvent[] = [];
  const audits: { readonly footprint: number; readonly broken: readonly string[] }[] = [];
  const outcome = execute(prepare(command), [0n, by, 0x1000n], model, {
    success: 'DONE',
    trace: (event) => events.push(event),
    resultText: (result) => result,
    audit: ({ footprint, broken }) => audits.push({ footprint: footprint.length, broken }),
  });
  return { outcome, model, events, audits };
};

describe('a command that runs', () => {
  test('checks every condition in its order, then takes effect', () => {
    const { outcome, model } = run(raise, 4n);
    expect(model.log).toEqual(['by_zero', 'by_odd', 'context next', 'next_high', 'effect']);
    expect(outcome).toEqual({ result: 'DONE', out: { level: 4, twice: 8 }, answered: false });
    expect(model.level).toBe(4);
  });

  test('stops at the first condition that holds, before any context that it guards, and changes nothing', () => {
    const { outcome, model } = run(raise, 0n, 7);
    expect(model).toEqual({ level: 7, log: ['by_zero'] });
    expect(outcome).toMatchObject({ failed: 'by_zero', result: 'ZERO', out: {} });
  });

  test('answers what the condition says, made of the context or with outputs of its own', () => {
    expect(run(raise, 8n, 4).outcome).toMatchObject({ failed: 'next_high', result: 'HIGH(12)' });
    expect(run(raise, 3n).outcome).toMatchObject({ failed: 'by_odd', result: 'ODD', out: { level: 3 } });
  });

  test('tells what it is asked, each check and what came of it', () => {
    expect(run(raise, 8n, 4).events).toEqual([
      { type: 'command.enter', command: 'RAISE', spec: 'a test', inputs: { by: 8, where: 0x1000n } },
      { type: 'command.check', command: 'RAISE', id: 'by_zero', failed: false, says: 'by is zero' },
      { type: 'command.check', command: 'RAISE', id: 'by_odd', failed: false, says: 'by is odd' },
      { type: 'command.check', command: 'RAISE', id: 'next_high', failed: true, says: 'the level would be too high' },
      { type: 'command.return', command: 'RAISE', result: 'HIGH(12)', failed: 'next_high', outputs: {} },
    ]);
  });

  test('is held against its success conditions and its footprint, and against none when it failed', () => {
    expect(run(raise, 4n).audits).toEqual([{ footprint: 1, broken: [] }]);
    expect(run(raise, 0n).audits).toEqual([{ footprint: 0, broken: [] }]);
  });

  test('does not hide a success condition that its effect forgot', () => {
    const forgetful = { ...raise, effect: () => ({ level: 0, twice: 0 }) } as Command<string>;
    expect(run(forgetful, 4n).audits).toEqual([{ footprint: 1, broken: ['level'] }]);
  });

  test('may answer with a result of its own, or with a transfer', () => {
    const pausing = {
      ...raise,
      effect: () => answer({ result: 'PAUSED', transfer: { exit: 'IRQ' } }),
    } as Command<string>;
    expect(run(pausing, 4n)).toMatchObject({
      outcome: { result: 'PAUSED', answered: true, transfer: { exit: 'IRQ' } },
      audits: [{ broken: [] }],
    });
  });

  test('writes its outputs into the registers that they name, and no other', () => {
    const x = Array<bigint>(6).fill(99n);
    writeOutputs(prepare(raise), run(raise, 4n).outcome.out, x);
    expect(x).toEqual([99n, 4n, 99n, 8n, 99n, 99n]);
  });

  test('passes on what its effect throws', () => {
    const broken = {
      ...raise,
      effect: () => {
        throw new RangeError('port');
      },
    } as Command<string>;
    expect(() => run(broken, 4n)).toThrow(RangeError);
  });
});

describe('a command that is prepared once', () => {
  const options = { success: 'DONE', resultText: (result: string) => result };

  test('knows nothing of its last call', () => {
    const reads: number[] = [];
    const looking = prepare({
      ...raise,
      context: {
        ...raise.context,
        next: once(({ by }: { readonly by: number }) => {
          reads.push(by);
          return by;
        }),
      },
      effect: ({ next, before }: { readonly next: number; readonly before: object }) => ({ level: next, ...before }),
    } as Command<string>);
    const model: Model = { level: 0, log: [] };
    expect(execute(looking, [0n, 4n], model, options).out).toEqual({ level: 0 });
    model.level = 7;
    expect(execute(looking, [0n, 12n], model, options).result).toBe('HIGH(12)');
    expect(execute(looking, [0n, 6n], model, options).out).toEqual({ level: 7 });
    expect(reads).toEqual([4, 12, 6]);
  });

  test('may run inside its own effect', () => {
    const model: Model = { level: 0, log: [] };
    const nested = prepare({
      ...raise,
      effect: ({ by, rmm }: { readonly by: number; readonly rmm: Model }) => {
        if (by > 2) execute(nested, [0n, 2n], rmm, options);
        rmm.level += by;
        return { level: rmm.level, twice: by };
      },
    } as Command<string>);
    expect(execute(nested, [0n, 4n], model, options).out).toEqual({ level: 6, twice: 4 });
  });
});

describe('a command that was changed', () => {
  test('does not check a condition that was removed', () => {
    const { outcome, model } = run(without(raise, 'by_odd'), 3n);
    expect(model.log).not.toContain('by_odd');
    expect(outcome.result).toBe('DONE');
  });

  test('answers otherwise where a condition was changed', () => {
    expect(run(withFailure(raise, 'by_zero', { post: 'NOTHING' }), 0n).outcome.result).toBe('NOTHING');
    expect(withFailure(raise, 'absent', { post: 'NOTHING' })).toBe(raise);
  });

  test('checks in another order, what is not named last', () => {
    expect(Object.keys(reordered(raise, ['next_high', 'by_odd']).failures)).toEqual(['next_high', 'by_odd', 'by_zero']);
    expect(run(reordered(raise, ['next_high']), 0n, 11).outcome.failed).toBe('next_high');
  });

  test('leaves the original as it was', () => {
    expect(Object.keys(raise.failures)).toEqual(['by_zero', 'by_odd', 'next_high']);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CowTable, type Journal } from '../../src/machine/index.ts';

/** Keys that share a chunk, keys beside its edges, and one that no array could have. */
const KEYS = [0, 1, 511, 512, 513, 1023, 1024, 2 ** 40];
const key = fc.constantFrom(...KEYS);
const value = fc.option(fc.nat({ max: 9 }), { nil: undefined });

type Act =
  | { readonly do: 'set'; readonly table: number; readonly key: number; readonly value: number | undefined }
  | { readonly do: 'fork'; readonly table: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constant('set' as const), table: fc.nat(), key, value }),
  fc.record({ do: fc.constant('fork' as const), table: fc.nat() }),
);

const entriesOf = (model: ReadonlyMap<number, number>): [number, number][] => [...model].sort(([a], [b]) => a - b);

describe('a copy-on-write table', () => {
  test('and all its forks behave as maps that were copied', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const tables = [new CowTable<number>('t')];
        const models = [new Map<number, number>()];
        for (const next of acts) {
          const at = next.table % tables.length;
          const [table, model] = [tables[at], models[at]];
          if (table === undefined || model === undefined) throw new Error('no table');
          if (next.do === 'fork') {
            tables.push(table.fork());
            models.push(new Map(model));
          } else {
            table.set(next.key, next.value);
            if (next.value === undefined) model.delete(next.key);
            else model.set(next.key, next.value);
          }
        }
        for (const [i, table] of tables.entries()) {
          const model = models[i] ?? new Map();
          expect([...table.entries()]).toEqual(entriesOf(model));
          for (const each of KEYS) expect(table.get(each)).toBe(model.get(each));
        }
      }),
    );
  });

  test('reports what each write replaces, to the journal of that table alone', () => {
    const heard: [string, number, unknown][] = [];
    const journal: Journal = { record: (table, at, old) => heard.push([table.name, at, old]) };
    const table = new CowTable<string>('t');
    table.set(1, 'unheard');
    table.journal = journal;
    table.set(1, 'a');
    table.set(600, 'b');
    table.fork().set(1, 'the fork has a journal of its own');
    table.set(1, undefined);
    table.journal = undefined;
    table.set(1, 'c');
    expect(heard).toEqual([
      ['t', 1, 'unheard'],
      ['t', 600, undefined],
      ['t', 1, 'a'],
    ]);
  });

  test('can be put back by its journal, in reverse', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value)), fc.array(fc.tuple(key, value)), (first, second) => {
        const table = new CowTable<number>('t');
        for (const [at, put] of first) table.set(at, put);
        const before = [...table.entries()];
        const undo: [number, number | undefined][] = [];
        table.journal = { record: (_, at, old) => undo.push([at, old as number | undefined]) };
        for (const [at, put] of second) table.set(at, put);
        table.journal = undefined;
        for (const [at, old] of undo.reverse()) table.set(at, old);
        expect([...table.entries()]).toEqual(before);
      }),
    );
  });

  test('costs nothing for a removal of what was never there', () => {
    const table = new CowTable<number>('t');
    let heard = 0;
    table.journal = {
      record: () => {
        heard += 1;
      },
    };
    table.set(5, undefined);
    expect([heard, ...table.entries()]).toEqual([0]);
  });
});

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../src/cli/exit.ts';
import { continuedLog, openChipStore } from '../../../src/cli/state/chip-store.ts';
import { type Files, nodeFiles } from '../../../src/cli/state/files.ts';
import { chipRecordToJson, parseChipRecord } from '../../../src/hes/index.ts';
import { folder } from '../support/folder.ts';
import { chipAfter } from './record.ts';

const refusal = async (run: () => unknown): Promise<UsageError> => {
  try {
    await run();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return error as UsageError;
  }
  throw new Error('nothing was refused');
};

const lastFile = (path: string): string => join(path, readdirSync(path).sort().at(-1) ?? '');

describe('a kept chip', () => {
  test('comes back as it was, and each change is one more', async () => {
    const { path, names } = folder();
    const store = openChipStore(join(path, 'chip'));
    expect(await store.load()).toEqual({ generation: 0, chip: undefined });
    for (let changes = 1; changes <= 5; changes += 1) {
      expect(store.save(changes - 1, chipAfter(changes))).toBe(changes);
      expect(await store.load()).toEqual({ generation: changes, chip: chipAfter(changes) });
    }
    expect(names()).toEqual(['chip']);
    expect(readdirSync(join(path, 'chip'))).toEqual(['chip-000000000005.json']);
  });

  test('reads what it writes, whatever the chip', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(60), (changes, entries) => {
        const chip = chipAfter(changes, Math.min(entries, changes));
        const json: unknown = JSON.parse(JSON.stringify(chipRecordToJson(chip)));
        expect(parseChipRecord(json)).toEqual({ ok: true, value: chip });
      }),
    );
  });

  test('goes on with its log', () => {
    const before = chipAfter(7).log;
    const now = chipAfter(9, 4).log;
    expect(continuedLog(before, now).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(continuedLog([], now)).toEqual(now);
  });

  test('has one writer: who was overtaken changes nothing', async () => {
    const store = openChipStore(folder().path);
    store.save(0, chipAfter(1));
    store.save(1, chipAfter(2));
    expect((await refusal(() => store.save(1, chipAfter(99)))).message).toMatch(
      /another run changed the chip meanwhile/,
    );
    store.save(2, chipAfter(3));
    expect((await refusal(() => store.save(1, chipAfter(99)))).code).toBe('OUTPUT');
    expect(await store.load()).toEqual({ generation: 3, chip: chipAfter(3) });
  });
});

describe('damage is reported and nothing is reset', () => {
  const kept = () => {
    const made = folder();
    const store = openChipStore(made.path);
    store.save(0, chipAfter(1));
    store.save(1, chipAfter(2));
    return { store, file: lastFile(made.path), path: made.path };
  };

  test('any bit, any length', async () => {
    const { store, file, path } = kept();
    const bytes = readFileSync(file);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), fc.boolean(), async (at, bit, cut) => {
        const wrong = Buffer.from(cut ? bytes.subarray(0, at) : bytes);
        if (!cut) wrong[at] = (wrong[at] ?? 0) ^ (1 << bit);
        writeFileSync(file, wrong);
        const { code, message } = await refusal(() => store.load());
        expect(code).toBe('INPUT');
        expect(message).toContain(file);
        expect(message).not.toContain('\n');
        expect(readdirSync(path)).toHaveLength(1);
        expect(readFileSync(file).equals(wrong)).toBe(true);
      }),
      { numRuns: 300 },
    );
    writeFileSync(file, bytes);
    expect((await store.load()).chip).toEqual(chipAfter(2));
  });

  test('a file under another name, and a folder that is something else', async () => {
    const { store, file, path } = kept();
    writeFileSync(join(path, 'chip-000000000003.json'), readFileSync(file));
    expect((await refusal(() => store.load())).message).toMatch(/it is generation 2 by its content/);
    const other = folder({ 'notes.txt': 'mine' });
    expect((await refusal(() => openChipStore(other.path).load())).message).toMatch(/holds notes\.txt and no chip/);
  });
});

class Stop extends Error {}

/** A file system that stops for good at its nth step: before it, or half-way through a write. */
const stoppingAt = (nth: number, half: boolean): Files => {
  let step = 0;
  const guarded =
    <A extends readonly unknown[], R>(act: (...args: A) => R, partly?: (...args: A) => void) =>
    (...args: A): R => {
      step += 1;
      if (step < nth) return act(...args);
      if (step === nth && half) partly?.(...args);
      throw new Stop();
    };
  return {
    makeFolder: guarded(nodeFiles.makeFolder),
    list: guarded(nodeFiles.list),
    writeNew: guarded(nodeFiles.writeNew, (path, bytes) => writeFileSync(path, bytes.subarray(0, bytes.length >> 1))),
    link: guarded(nodeFiles.link),
    syncFolder: guarded(nodeFiles.syncFolder),
    remove: guarded(nodeFiles.remove),
  };
};

describe('a run that stops', () => {
  test.each([false, true])(
    'at any step leaves the chip before or after the change (half a write: %s)',
    async (half) => {
      const seen = new Set<number>();
      for (let nth = 1; nth <= 12; nth += 1) {
        const { path } = folder();
        const store = openChipStore(path);
        store.save(0, chipAfter(1));
        let finished = true;
        try {
          openChipStore(path, stoppingAt(nth, half)).save(1, chipAfter(2));
        } catch (error) {
          expect(error).toBeInstanceOf(Stop);
          finished = false;
        }
        const { generation, chip } = await store.load();
        expect(chip).toEqual(chipAfter(generation));
        if (finished) expect(generation).toBe(2);
        seen.add(generation);
        // Whatever it left is in nobody's way.
        expect(store.save(generation, chipAfter(generation + 1))).toBe(generation + 1);
        expect((await store.load()).chip).toEqual(chipAfter(generation + 1));
      }
      expect([...seen].sort()).toEqual([1, 2]);
    },
  );
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseVectors } from '../../scripts/lib/measurement/vectors.mjs';
import { measurementReplay } from '../support/measurement.ts';

const json = readFileSync(new URL('../vectors/measurement.json', import.meta.url), 'utf8');
const vectors = parseVectors(json);

describe('a measurement vector, replayed through RMI and RSI', () => {
  test.each([...vectors.rim, ...vectors.rem].map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    expect(measurementReplay().run(vector)).toEqual({ id: vector.id, skipped: undefined, problems: [] });
  });
});

describe('a replay', () => {
  type Json = Record<string, unknown>;
  interface File {
    readonly rim: readonly Json[];
    readonly rem: readonly Json[];
  }
  const file = (): File => JSON.parse(json);
  const find = (list: readonly Json[], id: string): Json => {
    const found = list.find((vector) => vector['id'] === id);
    if (found === undefined) throw new Error(id);
    return found;
  };
  const problemsOf = (rim: readonly Json[], rem: readonly Json[]): readonly string[] => {
    const read = parseVectors(JSON.stringify({ rim, rem }));
    return [...read.rim, ...read.rem].flatMap((vector) => measurementReplay().run(vector).problems);
  };
  const rimProblems = (id: string, change: (vector: Json) => Json) => {
    const vector = find(file().rim, id);
    return problemsOf([{ ...vector, ...change(vector) }], []);
  };
  const remProblems = (id: string, change: (vector: Json) => Json) => {
    const vector = find(file().rem, id);
    return problemsOf([], [{ ...vector, ...change(vector) }]);
  };
  const ZEROS = '00'.repeat(32);

  test('names a RIM that differs', () => {
    expect(rimProblems('rim-data-measured-sha256', () => ({ rim: ZEROS }))).toEqual([
      'the RIM is 4a1d9026e5537da05df49428bb321e4dc58a531b440c4ae52e9bea1c7a92d2fd',
    ]);
  });

  test('names a step that differs, and a step too many', () => {
    const steps = (vector: Json) => vector['steps'] as Json[];
    expect(
      rimProblems('rim-ripas-three-pages-sha256', (vector) => ({
        steps: steps(vector).with(2, { after: 'init_ripas', rim: ZEROS }),
      })),
    ).toEqual([expect.stringContaining('step 3, init_ripas, gives 00d88e78')]);
    expect(rimProblems('rim-ripas-three-pages-sha256', (vector) => ({ steps: steps(vector).slice(1) }))).toContain(
      'there are 4 steps, not 3',
    );
  });

  test('reads the RIM from inside the Realm too', () => {
    expect(rimProblems('rim-rec-runnable-sha256', () => ({ rsi_measurement_read: Array(8).fill('0x0') }))).toEqual([
      expect.stringContaining('RSI_MEASUREMENT_READ gives 0x87d02643f378bd81'),
    ]);
  });

  test('names a slot that is not padded with zeros', () => {
    expect(
      rimProblems('rim-create-minimal-sha256', (vector) => ({ rim_slot: `${vector['rim']}${'ff'.repeat(32)}` })),
    ).toHaveLength(1);
  });

  test('names each variant whose REM differs, and no other', () => {
    const spoilt = (vector: Json) => ({ ...(vector['expected'] as Json), 'spec-h': ['00'.repeat(64)] });
    expect(remProblems('rem-one-byte-sha256', (vector) => ({ expected: spoilt(vector) }))).toEqual([
      expect.stringMatching(/^spec-h: extend 1 gives 71a7001e/),
    ]);
  });

  test('names registers that carry something else', () => {
    const registers = [{ size: 2, x3_x10: ['0xab', 0, 0, 0, 0, 0, 0, 0] }];
    expect(remProblems('rem-one-byte-sha256', () => ({ registers }))).toEqual(['registers[0] do not carry extends[0]']);
  });

  test('says what the RMM refuses', () => {
    const refused = (change: Json) =>
      rimProblems('rim-create-minimal-sha256', (vector) => ({
        realm_params: { ...(vector['realm_params'] as Json), ...change },
      }));
    expect(refused({ num_bps: 0 })).toEqual([expect.stringMatching(/RMI_REALM_CREATE.* answered RMI_ERROR_INPUT/)]);
    expect(refused({ s2sz: 50 })).toEqual([expect.stringMatching(/RMI_REALM_CREATE.* answered RMI_ERROR_INPUT/)]);
    expect(refused({ s2sz: 255 })).toEqual(['no machine can have it: s2sz must be 32 to 52']);
  });

  test('skips what this RMM does not have, and says so', () => {
    const [rim] = parseVectors(
      JSON.stringify({ rim: [{ ...find(file().rim, 'rim-create-minimal-sha256'), algo: 'sha384' }] }),
    ).rim;
    if (rim === undefined) throw new Error('no vector');
    expect(measurementReplay().run(rim).skipped).toBe('the RMM has no hash algorithm sha384');
  });
});

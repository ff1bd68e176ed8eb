import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nobleCrypto } from '../../src/crypto/noble.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { createReplayer, type Difference, ReplayError } from '../../src/platform/index.ts';
import { EVENT_KINDS, type TraceEvent, toJson } from '../../src/trace/index.ts';
import { attestSession } from '../support/attest-session.ts';
import { testMachine } from '../support/machine.ts';

/** A whole session, as the lines of its trace. */
const LINES: readonly string[] = (() => {
  const lines: string[] = [];
  const platform = testMachine({ trace: (event) => lines.push(toJson(event)), rmm: { chunk: [700], signSteps: 2 } });
  attestSession(platform).realm.destroy();
  return lines;
})();

const replay = (lines: readonly string[], crypto = nodeCrypto): Difference | undefined => {
  const replayer = createReplayer(crypto);
  for (const line of lines) {
    const difference = replayer.feed(JSON.parse(line));
    if (difference !== undefined) return difference;
  }
  return replayer.end();
};

const typeOf = (line: string): TraceEvent['type'] => JSON.parse(line).type;
const isStimulus = (line: string): boolean => EVENT_KINDS[typeOf(line)].stimulus;

/** Changes one hexadecimal digit of the last string of digits in a line. */
const edited = (line: string): string | undefined => {
  const at = [...line.matchAll(/"(?:0x)?([0-9a-f]+)"/g)].at(-1);
  if (at === undefined) return undefined;
  const place = at.index + at[0].length - 2;
  return `${line.slice(0, place)}${line[place] === '0' ? '1' : '0'}${line.slice(place + 1)}`;
};

describe('the trace of a whole session', () => {
  test('runs again without a difference, with either cryptography', () => {
    expect(LINES.length).toBeGreaterThan(500);
    expect(replay(LINES)).toBe(undefined);
    expect(replay(LINES, nobleCrypto)).toBe(undefined);
  });

  test('parts where one digit of what the machine did was changed', () => {
    const places = LINES.flatMap((line, i) => (!isStimulus(line) && edited(line) !== undefined ? [i] : []));
    fc.assert(
      fc.property(fc.constantFrom(...places), (i) => {
        const line = edited(LINES[i] ?? '') ?? '';
        expect(replay(LINES.with(i, line))).toEqual({ line: i + 1, recorded: line, happened: LINES[i] });
      }),
      { numRuns: 25 },
    );
  });

  test('parts at once or later where one digit of what was asked was changed, and never before', () => {
    const places = LINES.flatMap((line, i) => (typeOf(line) === 'host.write' ? [i] : []));
    fc.assert(
      fc.property(fc.constantFrom(...places), (i) => {
        const line = edited(LINES[i] ?? '') ?? '';
        const difference = replay(LINES.with(i, line));
        if (difference !== undefined) expect(difference.line).toBeGreaterThan(i + 1);
      }),
      { numRuns: 15 },
    );
  });

  test('notices a changed payload by the measurement that follows', () => {
    const i = LINES.findIndex((line) => typeOf(line) === 'host.write' && line.includes('0707070707070707'));
    const difference = replay(LINES.with(i, edited(LINES[i] ?? '') ?? ''));
    expect(JSON.parse(difference?.recorded ?? '{}')).toMatchObject({ type: 'measurement', step: 'RimExtendData' });
    expect(JSON.parse(difference?.happened ?? '{}')).toMatchObject({ type: 'measurement', step: 'RimExtendData' });
  });

  test('that ends early parts where the machine went on, unless it ended between two acts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: LINES.length - 1 }), (length) => {
        const next = LINES[length] ?? '';
        const expected = isStimulus(next) ? undefined : { line: length + 1, recorded: undefined, happened: next };
        expect(replay(LINES.slice(0, length))).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  test('with a line left out or told twice parts there', () => {
    const i = LINES.findIndex((line) => typeOf(line) === 'command.check');
    expect(replay(LINES.toSpliced(i, 1))).toMatchObject({ line: i + 1, happened: LINES[i] });
    expect(replay(LINES.toSpliced(i, 0, LINES[i] ?? ''))).toMatchObject({ line: i + 2, recorded: LINES[i] });
  });
});

describe('what is no trace', () => {
  const feed = (...events: unknown[]) => {
    const replayer = createReplayer(nodeCrypto);
    for (const event of events) replayer.feed(event);
  };
  const start = JSON.parse(LINES[0] ?? '');

  test.each([null, 1, 'text', [], {}, { type: 'nothing' }, { type: 'toString' }, { type: ['smc.call'] }])(
    'is refused with its line: %j',
    (event) => {
      expect(() => feed(event)).toThrow(ReplayError);
    },
  );

  test('begins with something other than machine.start', () => {
    expect(() => feed({ type: 'host.write', pa: '0x80000000', bytes: '00' })).toThrow(/begins with machine\.start/);
  });

  test.each([
    ['no config', { ...start, config: undefined }],
    ['a config that is text', { ...start, config: 'swcca' }],
    ['a machine that cannot be', { ...start, config: { ...start.config, machine: { pa_width: 1e9 } } }],
    ['firmware that is a number', { ...start, config: { ...start.config, firmware: 5 } }],
  ])('starts a machine with %s', (_, event) => {
    expect(() => feed(event)).toThrow(ReplayError);
  });

  test.each([
    ['registers that are no numbers', { type: 'smc.call', caller: 'host', pe: 0, x: ['zz'] }],
    ['registers that are no list', { type: 'smc.call', caller: 'host', pe: 0, x: 5 }],
    ['bytes that are no hexadecimal', { type: 'host.write', pa: '0x80000000', bytes: 'zz' }],
    ['a Realm that is not there', { type: 'smc.call', caller: 'realm', pe: 0, x: ['0xc4000190'] }],
    ['an access by a Realm that is not there', { type: 'realm.access', pe: 0, access: 'read', ipa: '0x0', length: 1 }],
  ])('goes on with %s', (_, event) => {
    const booted = LINES.slice(
      0,
      LINES.findIndex((line, i) => i > 0 && isStimulus(line)),
    ).map((line) => JSON.parse(line));
    try {
      feed(...booted, event);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ReplayError);
      expect((error as ReplayError).line).toBe(booted.length + 1);
    }
  });
});

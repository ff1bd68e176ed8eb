import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/bytes/index.ts';
import { tryRmi } from '../../src/host/index.ts';
import {
  allOf,
  EVENT_KINDS,
  jsonlSink,
  type Level,
  prettySink,
  type TraceEvent,
  type TraceSink,
  toJson,
} from '../../src/trace/index.ts';
import { pinoSink } from '../../src/trace/sinks/pino.ts';
import { attestSession } from '../support/attest-session.ts';
import { testMachine } from '../support/machine.ts';

/** The events of a whole session: boot, launch, token, destruction, and a command that fails. */
const session = (() => {
  const events: TraceEvent[] = [];
  const platform = testMachine({ trace: (event) => events.push(event) });
  const { realm } = attestSession(platform);
  tryRmi(platform, 'REALM_ACTIVATE', realm.rd + 1n);
  platform.smc([0x8400_ffffn]);
  realm.destroy();
  return { events, platform };
})();

const lines = (sink: (write: (line: string) => void) => TraceSink, events: readonly TraceEvent[] = session.events) => {
  const out: string[] = [];
  for (const event of events) sink((line) => out.push(line))(event);
  return out;
};

const pretty = (events: readonly TraceEvent[], colour?: boolean): string[] => {
  const out: string[] = [];
  const sink = prettySink({ write: (line) => out.push(line), ...(colour === undefined ? {} : { colour }) });
  for (const event of events) sink(event);
  return out;
};

describe('a trace', () => {
  test('holds no private key of the run', () => {
    const { rak } = session.platform.rmm.state.attestation ?? {};
    const scalar = toHex(rak?.scalar ?? new Uint8Array());
    expect(scalar).toHaveLength(96);
    const text = session.events.map(toJson).join('\n');
    expect(text).not.toContain(scalar);
    expect(text).not.toContain(BigInt(`0x${scalar.slice(0, 16)}`).toString(16));
  });

  test('feeds several sinks in order', () => {
    const heard: string[] = [];
    allOf(
      (event) => heard.push(`a ${event.type}`),
      (event) => heard.push(`b ${event.type}`),
    )({ type: 'rmm.boot', detail: {} });
    expect(heard).toEqual(['a rmm.boot', 'b rmm.boot']);
  });
});

describe('the JSON lines sink', () => {
  test('writes one object for each event, and 64-bit values as text', () => {
    const written = lines(jsonlSink);
    expect(written).toHaveLength(session.events.length);
    expect(written.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
    expect(written.map((line) => JSON.parse(line).type)).toEqual(session.events.map(({ type }) => type));
    expect(lines(jsonlSink, [{ type: 'host.write', pa: 0xffff_ffff_ffff_f000n, bytes: '00' }])).toEqual([
      '{"type":"host.write","pa":"0xfffffffffffff000","bytes":"00"}\n',
    ]);
  });
});

describe('the pino sink', () => {
  const logged = (level: Level) => {
    const out: { level: number; msg: TraceEvent['type']; event: { type: string } }[] = [];
    const sink = pinoSink(level, { write: (text) => out.push(JSON.parse(text)) });
    for (const event of session.events) sink(event);
    return out;
  };
  const LEVELS = { info: 30, debug: 20, trace: 10 } as const;

  test.each(['info', 'debug', 'trace'] as const)('writes what is at least as loud as %s', (level) => {
    const loud = session.events.filter(({ type }) => LEVELS[EVENT_KINDS[type].level] >= LEVELS[level]);
    expect(logged(level).map(({ event }) => event.type)).toEqual(loud.map(({ type }) => type));
    expect(loud).not.toEqual([]);
  });

  test('gives each event the level of its kind', () => {
    for (const { level, msg } of logged('trace')) expect(level).toBe(LEVELS[EVENT_KINDS[msg].level]);
  });
});

describe('the pretty sink', () => {
  test('tells a command as a block', () => {
    const events: TraceEvent[] = [
      { type: 'command.enter', command: 'RMI_REALM_ACTIVATE', spec: 'RMM 1.0 B4.3.8', inputs: { rd: 0x8840_4000n } },
      {
        type: 'command.check',
        command: 'RMI_REALM_ACTIVATE',
        id: 'rd_align',
        failed: false,
        says: 'rd is not aligned',
      },
      {
        type: 'command.check',
        command: 'RMI_REALM_ACTIVATE',
        id: 'realm_state',
        failed: true,
        says: 'the Realm is not NEW',
      },
      {
        type: 'command.return',
        command: 'RMI_REALM_ACTIVATE',
        result: 'RMI_ERROR_REALM',
        failed: 'realm_state',
        outputs: {},
      },
    ];
    expect(pretty(events)).toEqual([
      'RMI_REALM_ACTIVATE     rd = 0x8840_4000   RMM 1.0 B4.3.8',
      '  · rd_align         passed',
      '  × realm_state      the Realm is not NEW',
      '  nothing changed    → RMI_ERROR_REALM',
    ]);
  });

  test('tells changes inside their command, and does not say that nothing changed', () => {
    const told = pretty(session.events);
    const start = told.findIndex((line) => line.startsWith('RMI_DATA_CREATE '));
    const block = told.slice(
      start + 1,
      told.findIndex((line, i) => i > start && !line.startsWith('  ')),
    );
    expect(block.filter((line) => line.startsWith('  + ')).map((line) => line.replace(/0x[0-9a-f_]+/g, 'PA'))).toEqual([
      '  + granule PA: DELEGATED → DATA',
      '  + RTT PA of level 3, entry 0: UNASSIGNED RAM → ASSIGNED RAM PA',
      expect.stringMatching(/^ {2}\+ RIM: RimExtendData\(desc_type = 0, .*content = [0-9a-f]{8}….*→ [0-9a-f]{8}…/),
    ]);
    expect(block.at(-1)).toBe('  → RMI_SUCCESS');
  });

  test('says of a failed command that nothing changed, and of an SMC nobody answers what it got', () => {
    const told = pretty(session.events);
    expect(told).toContain('  nothing changed    → RMI_ERROR_INPUT');
    expect(told).toContain('SMC 0x8400_ffff of the host → 0xffff_ffff_ffff_ffff');
  });

  test('puts something on each line, and only one line', () => {
    for (const line of pretty(session.events)) expect(line).toMatch(/^[^\p{C}]+$/u);
  });

  test('tells a recorded trace as it tells a live one', () => {
    const recorded = session.events.map((event) => JSON.parse(toJson(event)) as TraceEvent);
    expect(pretty(recorded)).toEqual(pretty(session.events));
  });

  test('colours only when asked, and then with nothing else', () => {
    const ESC = '\u001b';
    const coloured = pretty(session.events, true);
    expect(coloured.some((line) => line.includes(ESC))).toBe(true);
    expect(coloured.map((line) => line.replaceAll(new RegExp(`${ESC}\\[\\d+m`, 'g'), ''))).toEqual(
      pretty(session.events),
    );
  });

  test('lets no text of a recorded trace move the cursor', () => {
    const told = pretty([{ type: 'rmm.boot', detail: { 'a\u001b[2J': 'b\r\n\u0007', list: ['\u202e'] } }]);
    expect(told).toEqual(['RMM boots: a\ufffd[2J = b\ufffd\ufffd\ufffd, list = [\ufffd]']);
  });
});

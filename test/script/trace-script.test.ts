import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { defaultOrder, launchRealm, PLAN_DEFAULTS, runGuest } from '../../src/host/index.ts';
import { createScriptWriter, createSession, runScript, ScriptError } from '../../src/script/index.ts';
import { toJson } from '../../src/trace/index.ts';
import { testMachine } from '../support/machine.ts';
import { anyAct } from './arbitrary.ts';
import { options, parse, run } from './support.ts';

/** The script of some events, as they are in a file. */
const scriptOf = (events: readonly string[]): string => {
  const writer = createScriptWriter();
  return [...events.flatMap((event) => writer.feed(JSON.parse(event))), ...writer.end()].join('\n');
};

/** The events of a script that holds all that it expects. */
const eventsOf = (source: string): string[] => {
  const events: string[] = [];
  const script = parse(source);
  expect(script.problems).toEqual([]);
  const base = { ...options.base, trace: (event: Parameters<typeof toJson>[0]) => void events.push(toJson(event)) };
  const [only] = runScript(script, { ...options, base });
  expect(only?.error).toBe(undefined);
  expect(only?.differences).toEqual([]);
  return events;
};

const attested = (): string[] => {
  const events: string[] = [];
  const platform = testMachine({
    trace: (event) => void events.push(toJson(event)),
    rmm: { signSteps: 3, chunk: [1, 7, 4096] },
  });
  const parts = {
    ripas: [{ base: 0x8000_0000n, size: 0x1000_0000n, block: 'auto' as const }],
    loads: [
      {
        name: 'payload',
        at: 0x8000_0000n,
        measured: true,
        size: 5000,
        read: (_: number, n: number) => new Uint8Array(n).fill(7),
      },
    ],
    recs: [{ pc: 0x8000_0000n, gprs: [1n, 2n], runnable: true }],
  };
  const realm = launchRealm(platform, {
    ...PLAN_DEFAULTS,
    rpv: new Uint8Array(64).fill(1),
    ...parts,
    order: defaultOrder(parts),
  });
  runGuest(platform, realm, [
    { do: 'extend', rem: 1, value: Uint8Array.of(1, 2, 3) },
    { do: 'attest', challenge: new Uint8Array(64).fill(9) },
  ]);
  realm.destroy();
  return events;
};

/** Acts of every kind, most of them refused, on two PEs. */
const EVERY_ACT = `
impdef signSteps=4 chunk=[100, 4096]
realm a { recs=2 pages=4 }
write bytes at 0x80005000 = hex"0102" + hex"00" * 30 + "text"
write u64 at 0x80005008 = -1
rmi GRANULE_DELEGATE 0x80005000
write u8 at 0x80005000 = 1 => fault
rmi RTT_MAP_UNPROTECTED $a.rd 1 << 39 3 0x80006000
rmi GRANULE_DELEGATE 0x80005001 x9=5
smc host 0xc5000000 1 2 3
smc host
devices $a.rec0 { cntv_ctl=5 gicv3_lrs=[0, 1] }
enter $a.rec0 { flags=trap_wfi gicv3_hcr=2 }
rsi VERSION 0x10000
rsi ATTESTATION_TOKEN_INIT "challenge"
interrupt IRQ { polls=2 }
rsi ATTESTATION_TOKEN_CONTINUE 0x1000 0 4096 => exit IRQ
pe 1
enter $a.rec1
smc realm 0x80000000
smc realm 0xc4000190 0x10000 7
load u64 at 0x2000
load u8 at (1 << 39) + 0x1000 into w4 signed => exit SYNC
pe 0
enter $a.rec0
rsi ATTESTATION_TOKEN_CONTINUE 0x1000 0 4096 => INCOMPLETE
psci CPU_ON 1 0x1000 2
pe 1
enter $a.rec1 { flags=emul_mmio gprs[0]=0x80 }
expect x4 = 0xffffff80
store u32 at (1 << 39) + 8 = 9 from wzr
enter $a.rec1
fetch at 0x1000
hvc 3
wfe
wfi 100
interrupt SERROR { esr=0x211 } => exit SERROR
`;

describe('a trace that is written as a script', () => {
  test('happens again, from the launch of a Realm to its destruction', () => {
    const recorded = attested();
    const source = scriptOf(recorded);
    expect(source).toContain('rsi ATTESTATION_TOKEN_CONTINUE');
    expect(eventsOf(source)).toEqual(recorded);
  });

  test('happens again for every kind of act', () => {
    const events: string[] = [];
    const trace = (event: Parameters<typeof toJson>[0]) => void events.push(toJson(event));
    const first = run(EVERY_ACT, { base: { ...options.base, crypto: nodeCrypto, trace } });
    expect(first.error).toBe(undefined);
    expect(first.differences).toEqual([]);
    expect(eventsOf(scriptOf(events))).toEqual(events);
  });

  test('happens again, whatever happened, and whoever answered', () => {
    const base = { ...options.base, onViolation: () => undefined };
    fc.assert(
      fc.property(
        fc.constantFrom('spec', 'tf-rmm', 'islet', 'D25'),
        fc.array(anyAct, { maxLength: 30 }),
        (personality, acts) => {
          const events: string[] = [];
          const trace = (event: Parameters<typeof toJson>[0]) => void events.push(toJson(event));
          const session = createSession({ base: { ...base, trace }, personality });
          for (const statement of parse(`realm r { recs=2 pages=2 }\n${acts.join('\n')}`).statements) {
            try {
              session.run(statement);
            } catch (error) {
              if (!(error instanceof ScriptError)) throw error;
            }
          }
          const again: string[] = [];
          const script = parse(scriptOf(events));
          expect(script.problems).toEqual([]);
          const sink = (event: Parameters<typeof toJson>[0]) => void again.push(toJson(event));
          const [only] = runScript(script, { base: { ...base, trace: sink } });
          expect([
            only?.error,
            only?.differences.map(({ mismatch, result }) => [result.statement.text, mismatch]),
          ]).toEqual([undefined, []]);
          expect(again).toEqual(events);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([
    [null],
    [{ type: 'nothing' }],
    [{ type: 'smc.call', caller: 'host', pe: 0, x: 5 }],
    [{ type: 'host.write', pa: 'x', bytes: '00' }],
    [{ type: 'host.write', pa: '0x1', bytes: 'zz' }],
    [{ type: 'pe.interrupt', pe: 0, kind: 'NMI', polls: 0 }],
    [{ type: 'pe.event', pe: 0, kind: 'reset', detail: {} }],
    [{ type: 'pe.event', pe: 0, kind: 'devices', detail: { rec: '0x1', 'a }\nrmi': 1 } }],
  ])('%j is no event that can be written', (event) => {
    const writer = createScriptWriter();
    expect(() => [...writer.feed(event), ...writer.end()]).toThrow('this is no event of a trace');
  });
});

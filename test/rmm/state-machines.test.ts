import { describe, expect, test } from 'vitest';
import { impDefProblems, SPEC_IMP_DEF, STATE_MACHINES } from '../../src/rmm/index.ts';
import { createSession, parseScript, SPEC } from '../../src/script/index.ts';
import { options } from '../script/support.ts';

const machine = (name: string) => {
  const found = STATE_MACHINES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no state machine ${name}`);
  return found;
};

/** The monitor of a machine with one Realm, and the addresses of its parts. */
const realm = () => {
  const session = createSession({ base: options.base, personality: SPEC });
  for (const statement of parseScript('realm r { pages=1 }').statements) session.run(statement);
  const { platform, names } = session;
  if (platform === undefined) throw new Error('not booted');
  return { state: platform.rmm.state, at: (name: string): bigint => names.get(`r.${name}`) as bigint };
};

describe('an edge that a table lacks is refused', () => {
  test('for RTT entries', () => {
    const { state, at } = realm();
    const table = state.rtt(at('rtt3'));
    const [assigned, unassigned] = table.entries;
    if (assigned === undefined || unassigned === undefined) throw new Error('no entries');
    expect([assigned.state, unassigned.state]).toEqual(['ASSIGNED', 'UNASSIGNED']);
    expect(() => state.setRtte(at('rtt3'), 0, { ...assigned, state: 'ASSIGNED_NS' })).toThrow(
      'ASSIGNED cannot become ASSIGNED_NS',
    );
    expect(() => state.setRtte(at('rtt3'), 1, { ...unassigned, state: 'UNASSIGNED_NS' })).toThrow('cannot become');
    state.setRtte(at('rtt3'), 0, unassigned);
    expect(state.rtt(at('rtt3')).entries[0]).toBe(unassigned);
  });

  test('for RECs', () => {
    const { state, at } = realm();
    expect(() => state.updateRec(at('rec0'), { state: 'REC_GONE' as 'REC_READY' })).toThrow('REC_READY cannot become');
    state.updateRec(at('rec0'), { state: 'REC_RUNNING' });
    expect(state.rec(at('rec0')).state).toBe('REC_RUNNING');
  });
});

test.each([
  ['RmmRipas', 'RAM', 'DATA_DESTROY', 'DESTROYED'],
  ['RmmRipas', 'DESTROYED', 'RTT_SET_RIPAS (EMPTY)', 'EMPTY'],
  ['RmmRipas', 'EMPTY', 'DATA_DESTROY', undefined],
  ['RmmRttEntryState', 'TABLE', 'RTT_FOLD (ASSIGNED_NS)', 'ASSIGNED_NS'],
  ['RmmRttEntryState', 'UNASSIGNED', 'RTT_MAP_UNPROTECTED', undefined],
  ['RmmRecRunnable', 'NOT_RUNNABLE', 'PSCI_CPU_ON', 'RUNNABLE'],
  ['RmmRecState', 'REC_RUNNING', 'REC_ENTER', undefined],
])('%s: %s on %s becomes %s', (name, from, on, to) => {
  expect(machine(name).next(from, on)).toBe(to);
});

describe('the choices of an implementation', () => {
  test('of the specification are in order', () => {
    expect(impDefProblems(SPEC_IMP_DEF)).toEqual([]);
  });

  test.each([
    [{ signSteps: 0 }, 'signSteps must be 1 to 65536'],
    [{ signSteps: 1.5 }, 'signSteps must be 1 to 65536'],
    [{ chunk: [] }, 'chunk must list sizes of 1 to 4096'],
    [{ chunk: [1, 5000] }, 'chunk must list sizes of 1 to 4096'],
    [{ rejects: 'none' as 'any' }, 'rejects must be one of toRam, any'],
    [{ fidBits: 16 as 32 }, 'fidBits must be one of 64, 32'],
    [{ nothing: 1 } as object, 'nothing must be one of '],
  ])('%j are not', (choices, problem) => {
    expect(impDefProblems(choices)).toEqual([problem]);
  });
});

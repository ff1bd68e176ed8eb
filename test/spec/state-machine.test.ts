import { describe, expect, test } from 'vitest';
import { stateMachine } from '../../src/spec/index.ts';

const door = stateMachine<'OPEN' | 'SHUT' | 'LOCKED', 'shut' | 'open' | 'lock' | 'unlock'>('Door', 'a test', {
  OPEN: { shut: 'SHUT' },
  SHUT: { open: 'OPEN', lock: 'LOCKED' },
  LOCKED: { unlock: 'SHUT' },
});

describe('a state machine', () => {
  test('goes where its edges lead, and nowhere else', () => {
    expect(door.next('SHUT', 'lock')).toBe('LOCKED');
    expect(door.next('OPEN', 'lock')).toBe(undefined);
  });

  test('allows a change that some edge makes', () => {
    const allowed = (['OPEN', 'SHUT', 'LOCKED'] as const).map((from) =>
      (['OPEN', 'SHUT', 'LOCKED'] as const).filter((to) => door.allows(from, to)),
    );
    expect(allowed).toEqual([['SHUT'], ['OPEN', 'LOCKED'], ['SHUT']]);
  });

  test('draws the table that runs', () => {
    expect(door.mermaid().split('\n')).toEqual([
      'stateDiagram-v2',
      '  OPEN --> SHUT: shut',
      '  SHUT --> OPEN: open',
      '  SHUT --> LOCKED: lock',
      '  LOCKED --> SHUT: unlock',
    ]);
  });
});

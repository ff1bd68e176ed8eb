import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ObservedError, parseRecording, replayRecording } from '../../scripts/lib/observed/observed.mjs';
import { SWITCHES } from '../../src/personality/index.ts';
import { bootAs, replayLibrary } from '../support/observed.ts';

const json = readFileSync(new URL('../vectors/tf-rmm-observed.json', import.meta.url), 'utf8');
const library = replayLibrary();
const replay = (text: string, boot = bootAs('tf-rmm')) => replayRecording(library, boot, parseRecording(text));

describe('what the reference RMM was seen to do', () => {
  test('is what the personality tf-rmm does', () => {
    expect(replay(json)).toEqual([
      { name: 'rim_rem_scenarios', passed: 38, failed: 0, lines: [] },
      { name: 'tokens', passed: 1, failed: 0, lines: [] },
      { name: 'random_sessions', passed: 459, failed: 0, lines: [] },
    ]);
  });

  test('is not what the specification says', () => {
    const [, , sessions] = replay(json, bootAs('spec'));
    expect(sessions?.failed).toBeGreaterThan(0);
  });

  test.each(['D1', 'D3', 'D5', 'D16', 'D19', 'D32'])('needs the switch %s', (id) => {
    expect(SWITCHES.has(id)).toBe(true);
    const failed = replay(json, bootAs('tf-rmm', [`-${id}`])).reduce((sum, section) => sum + section.failed, 0);
    expect(failed).toBeGreaterThan(0);
  });
});

describe('a difference', () => {
  const session = JSON.parse(json).random_sessions[0];
  const only = (sections: object): string => JSON.stringify({ meta: JSON.parse(json).meta, ...sections });

  test('is told with the call before it', () => {
    const events = session.events.slice(0, 60);
    const at = events.findLastIndex(({ c }: { c?: string }) => c !== undefined);
    const changed = events.map((event: object, n: number) => (n === at ? { ...event, x: ['77'] } : event));
    const [result] = replay(only({ random_sessions: [{ events: changed }] }));
    expect(result).toMatchObject({ failed: 1 });
    expect(result?.lines).toHaveLength(3);
    expect(result?.lines[0]).toMatch(/^session 1 event \d+: [A-Z_]+\(/);
    expect(result?.lines[1]).toMatch(/^ {4}x0: 0x[0-9a-f]+ instead of 0x77$/);
    expect(result?.lines[2]).toMatch(/^ {4}before it: session 1 event \d+: /);
  });

  test('in how everything ends takes back the last pass', () => {
    const [whole] = replay(only({ random_sessions: [{ events: session.events, final: session.final }] }));
    const [other] = replay(only({ random_sessions: [{ events: session.events, final: { granules: 'x' } }] }));
    expect(other).toMatchObject({ passed: (whole?.passed ?? 0) - 1, failed: 1 });
  });
});

describe('a recording that cannot be played', () => {
  test.each(['', '{', '[]', 'null', '{}', '{"meta":{}}'])('%j is no recording', (text) => {
    expect(() => parseRecording(text)).toThrow(ObservedError);
  });

  test('counts as failed, section by section', () => {
    const results = replay('{"tokens": [{}], "random_sessions": [{"events": []}], "rim_rem_scenarios": {}}');
    expect(results.map(({ name, passed, failed }) => [name, passed, failed])).toEqual([
      ['rim_rem_scenarios', 0, 1],
      ['tokens', 0, 1],
      ['random_sessions', 0, 1],
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { Bug } from '../../src/bytes/index.ts';
import { badCommandLine, badInput, EXIT } from '../../src/cli/exit.ts';
import { explain } from '../../src/cli/explain.ts';

describe('what ends a run', () => {
  test('is exit code 2 and one line, when a person can mend it', () => {
    expect(explain(badInput('x: is empty'), ['show', 'x'])).toEqual({
      code: EXIT.usage,
      lines: ['swcca show: x: is empty'],
    });
    expect(explain(badCommandLine('no'), ['nothing'])).toEqual({
      code: EXIT.usage,
      lines: ['swcca: no; see swcca --help'],
    });
    const system = Object.assign(new Error('EMFILE: too many open files'), { syscall: 'open', code: 'EMFILE' });
    expect(explain(system, ['token']).code).toBe(EXIT.usage);
  });

  test('is exit code 3 and says so, when it is ours', () => {
    const { code, lines } = explain(new Bug('a granule\nis lost'), ['token']);
    expect(code).toBe(EXIT.bug);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^swcca token: a bug in swcca .*: Bug: a granule is lost; please report this line/);
    expect(explain('thrown text', []).code).toBe(EXIT.bug);
  });

  test('shows where it happened only to those who debug', () => {
    const error = new Bug('x');
    expect(explain(error, ['token', '--log-level', 'info']).lines).toHaveLength(1);
    expect(explain(error, ['token', '--log-level', 'debug']).lines[1]).toBe(error.stack);
    expect(explain(error, ['token', '--log-level=trace']).lines).toHaveLength(2);
  });

  test('quotes no more than a line holds', () => {
    const { lines } = explain(badCommandLine('x'.repeat(100_000)), ['token']);
    expect(lines[0]?.length).toBeLessThan(1100);
    expect(lines[0]?.endsWith('…; see swcca token --help')).toBe(true);
  });
});

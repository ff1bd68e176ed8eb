import { describe, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/index.ts';
import { SWITCHES } from '../../src/personality/index.ts';
import { folder } from './support/folder.ts';
import { swcca } from './support/swcca.ts';

const SCRIPT = `
rmi GRANULE_DELEGATE 0x80001000 x4=0x44 => SUCCESS { x4=0 }
realm r { pages=2 }
enter $r.rec0
rsi ATTESTATION_TOKEN_INIT "challenge" => SUCCESS
rsi ATTESTATION_TOKEN_CONTINUE 0x1000 0 4096 => SUCCESS
`;

const place = () => {
  const here = folder({ 'calls.swcca': SCRIPT, 'broken.swcca': 'rmi NOTHING', 'config.swcca': 'config "{}"' });
  return { ...here, run: (...args: string[]) => swcca(['diff-stack', ...args], { cwd: here.path }) };
};

describe('swcca diff-stack', () => {
  test('is exit code 0 when both stacks show the same', () => {
    const { run } = place();
    const { code, out, err } = run('reference', 'reference', 'calls.swcca');
    expect({ code, err }).toEqual({ code: EXIT.ok, err: '' });
    expect(out).toMatch(/^A {2}reference\nB {2}reference\nno difference\n$/);
  });

  test('names what differs and what makes it, with evidence', () => {
    const { run } = place();
    const { code, out } = run('reference', 'reference,D1', 'calls.swcca');
    expect(code).toBe(EXIT.no);
    expect(out).toContain('B  reference,D1 (synthetic)\n');
    expect(out).toContain('  x4: because of D1\n    A  0x0\n    B  0x44\n');
    const [reference] = SWITCHES.get('D1')?.references ?? [];
    expect(out).toContain(`see ${reference?.repository} ${reference?.tag} ${reference?.path}, ${reference?.symbol}`);
  });

  test('tells codes and claims of tokens apart, for programs', () => {
    const { run } = place();
    const { code, out } = run('tf-rmm-0.8', 'tf-rmm-0.9', 'calls.swcca', '--json');
    expect(code).toBe(EXIT.no);
    const json = JSON.parse(out);
    expect(json).toMatchObject({ a: { stack: 'tf-rmm-0.8' }, b: { stack: 'tf-rmm-0.9' }, same: false });
    const outer = json.differences.find(({ what }: { what: string }) => what === 'token');
    expect(outer).toMatchObject({ kind: 'claim', a: '399(…)', b: '907(…)', because: ['token'], line: 6 });
    const token = json.explanations.find(({ id }: { id: string }) => id === 'token');
    expect(token.says).toContain('rmm-1.0, mec text, HES rse in A; rmm-1.1, HES rse in B');
    expect(token.references.length).toBeGreaterThan(0);
  });

  test('takes the script from standard input', () => {
    const { path } = place();
    const { code } = swcca(['diff-stack', 'reference', 'reference,D2', '-'], { cwd: path, input: SCRIPT });
    expect(code).toBe(EXIT.ok);
  });

  test('is exit code 2 for what it cannot use, in one line', () => {
    const { run } = place();
    for (const [args, says] of [
      [['refrence', 'islet', 'calls.swcca'], 'there is no stack refrence (did you mean reference?)'],
      [['reference,Q1', 'islet', 'calls.swcca'], 'there is no switch Q1'],
      [['reference', 'islet', 'broken.swcca'], 'broken.swcca:1:5: '],
      [['reference', 'islet', 'config.swcca'], 'config.swcca:1:1: config is the whole machine'],
      [['reference', 'islet', 'nowhere'], 'nowhere: cannot be read'],
      [['reference', 'islet'], 'SCRIPT is missing'],
    ] as const) {
      const { code, out, err } = run(...args);
      expect({ args, code, out }).toEqual({ args, code: EXIT.usage, out: '' });
      expect(err.startsWith(`swcca diff-stack: ${says}`), err).toBe(true);
      expect(err.trimEnd().split('\n').length).toBe(1);
    }
  });
});

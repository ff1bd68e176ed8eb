import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, type TestContext, test } from 'vitest';
import { swccaBeside } from '../cli/support/async-swcca.ts';
import { recordedVeraison, service } from '../cli/support/services.ts';
import { interop, needs } from './support/context.ts';
import { judgeAll } from './support/peer.ts';
import { attest, scratch } from './support/swcca.ts';
import { tokenParts, withFlippedBits } from './support/token-parts.ts';

const { goCcatokenNext, otherHost, titles } = interop;

const HARNESS = fileURLToPath(new URL('support/far-service.mjs', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

interface Outcome {
  readonly code: number;
  readonly err: string;
  readonly requests: readonly string[];
}

const EXCHANGE = ['POST /challenge-response/v1/newSession?nonceSize=64', 'POST /challenge-response/v1/session/1'];

/** A service with the API of Veraison's, in which Veraison's own library has the word. */
const judgedBy = (command: readonly string[], key: string) =>
  service(
    recordedVeraison(async (token) => {
      const file = join(scratch(), 'submitted.cbor');
      writeFileSync(file, token);
      const [verdict] = await judgeAll(command, [{ token: file, key }]);
      return verdict?.accepted === true;
    }),
  );

describe(titles.goCcatokenNext, () => {
  test.for(['rmm-1.0', 'rmm-1.1'])(
    'behind the API of Veraison, takes what swcca attest answers in %s',
    async (dialect, context) => {
      const { command } = needs(context, goCcatokenNext);
      const { url, seen } = await judgedBy(command, attest('--dialect', dialect).original.key);
      const { code, out, err } = await swccaBeside(['attest', '--to', `veraison:${url}`, '--dialect', dialect]);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain('CCA_REALM: affirming');
      expect(seen.map(({ method }) => method)).toEqual(['POST', 'POST']);
    },
  );

  test('and refuses a token that was changed, which the explanation has foreseen', async (context) => {
    const { command } = needs(context, goCcatokenNext);
    const { directory, token, original } = attest();
    const { signature } = tokenParts(token).realm;
    const changed = join(directory, 'changed.cbor');
    const [first] = withFlippedBits(token, signature);
    writeFileSync(changed, first ?? token);
    const { url } = await judgedBy(command, original.key);
    const { code, out } = await swccaBeside(['attest', '--to', `veraison:${url}`, '--token', changed]);
    expect(code).toBe(1);
    expect(out).toContain('not affirming');
    expect(out).toContain('swcca expects a refusal by');
  });
});

describe('swcca attest beyond this machine', () => {
  const far = (context: TestContext, lists: readonly (readonly string[])[]): readonly Outcome[] => {
    const { command, address } = needs(context, otherHost);
    const [program = '', ...args] = [...command, process.execPath, HARNESS, address, MAIN, JSON.stringify(lists)];
    const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 120_000 });
    return JSON.parse(stdout || stderr) as readonly Outcome[];
  };

  test('sends what simulated keys sign; nothing that published sample keys would sign, but with --i-know', (context) => {
    const lists = [[], ['--hes', 'islet'], ['--hes', 'islet', '--i-know']];
    const [simulated, refused, known] = far(context, lists);
    expect(simulated).toEqual({ code: 0, err: '', requests: EXCHANGE });
    expect(refused).toMatchObject({ code: 2, requests: [] });
    expect(refused?.err).toContain('nothing is sent without --i-know');
    expect(known).toMatchObject({ code: 0, requests: EXCHANGE });
    expect(known?.err).toContain('whoever trusts its CPAK trusts anybody');
  });

  test('sends a token that is marked as simulated; another one, but with --i-know', (context) => {
    const marked = ['--token', join(attest().directory, 'token.cbor')];
    const unmarked = ['--token', join(attest('--hes', 'islet').directory, 'token.cbor')];
    const [simulated, refused, known] = far(context, [marked, unmarked, [...unmarked, '--i-know']]);
    expect(simulated).toEqual({ code: 0, err: '', requests: EXCHANGE });
    expect(refused).toMatchObject({ code: 2, requests: [] });
    expect(refused?.err).toContain('is not marked as simulated');
    expect(known).toEqual({ code: 0, err: '', requests: EXCHANGE });
  });
});

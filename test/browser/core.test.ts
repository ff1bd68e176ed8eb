import { createContext, runInContext } from 'node:vm';
import { expect, test } from 'vitest';
import { type BrowserResult, browserBundle } from '../support/browser-bundle.ts';

/** Runs a script where there is the language and what every browser has, and nothing of Node. */
const runBare = (script: string): BrowserResult => {
  const context = createContext({ TextEncoder, TextDecoder });
  runInContext(script, context);
  return JSON.parse(String(context['swccaResult'])) as BrowserResult;
};

test('the core runs without Node, and two runs give the same bytes', async () => {
  const script = await browserBundle(process.cwd());
  const first = runBare(script);
  expect(first.accepted).toBe(true);
  expect(runBare(script)).toEqual(first);
});

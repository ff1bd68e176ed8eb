import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { type BrowserResult, browserBundle } from '../support/browser-bundle.ts';
import { interop, needs } from './support/context.ts';

const { chromium } = interop;

/** Nothing of the browser's own may reach for the network. */
const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe(chromium.ready ? chromium.version : 'Chromium', () => {
  test('makes and verifies the token that Node makes, byte for byte', async (context) => {
    const { program } = needs(context, chromium);
    const script = await browserBundle(process.cwd());
    const bare = createContext({ TextEncoder, TextDecoder });
    runInContext(script, bare);
    const folder = mkdtempSync(join(tmpdir(), 'swcca-browser-'));
    try {
      const page = join(folder, 'page.html');
      const show = 'document.body.textContent = globalThis.swccaResult;';
      writeFileSync(
        page,
        `<!doctype html><body></body><script>${script.replaceAll('</script', '<\\/script')}\n${show}</script>`,
      );
      const run = spawnSync(
        program,
        [...QUIET, `--user-data-dir=${join(folder, 'profile')}`, '--dump-dom', `file://${page}`],
        {
          encoding: 'utf8',
          timeout: 120_000,
        },
      );
      const shown = /\{.*\}/.exec(run.stdout)?.[0] ?? '';
      const result = JSON.parse(shown) as BrowserResult;
      expect(result.accepted).toBe(true);
      expect(result).toEqual(JSON.parse(String(bare['swccaResult'])));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

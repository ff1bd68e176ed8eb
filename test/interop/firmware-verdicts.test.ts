import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { firmwareVerdicts, readPage, tablePeers } from '../../scripts/lib/interop/firmware-verdicts.mjs';
import { interop, needs } from './support/context.ts';
import { scratch } from './support/swcca.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { goCcatoken, rustCcatoken, titles } = interop;

describe(titles.goCcatoken, () => {
  test('judges the firmware sets as docs/firmware-verdicts.md says, as do the crates', (context) => {
    needs(context, goCcatoken);
    needs(context, rustCcatoken);
    const peers = tablePeers({ goCcatoken, rustCcatoken }, titles);
    const cli = `${root}dist/cli/main.js`;
    expect(firmwareVerdicts({ cli, directory: scratch(), peers })).toBe(readPage(root));
  });
});

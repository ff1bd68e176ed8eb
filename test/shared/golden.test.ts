import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { show } from '../../src/cli/commands/show.ts';
import { verify } from '../../src/cli/commands/verify.ts';
import { EXIT } from '../../src/cli/exit.ts';
import { DIALECTS } from '../../src/token/index.ts';
import { runCommand } from './support/command.ts';

/** Every golden token as its index describes it: `swcca show` says the same, `swcca verify` accepts it with its key. */
const folder = join(resolve(process.env['SWCCA_SHARED'] ?? '../shared'), 'vectors/tokens');
const KEYS: Readonly<Record<string, string>> = {
  'CPAK-FVP': 'coco-trustee/misc/cpak-pub.json',
  'IAK-P256': 'veraison-evcli/ec256-pub.json',
};
/** Profiles as the index writes them, and as we do. */
const REALM_PROFILES: Readonly<Record<string, string>> = { none: 'none', '1.0.0': '2023', '2.0.0': '2024' };

interface Golden {
  readonly file: string;
  readonly bytes: number;
  readonly form: string;
  readonly platformProfile: string;
  readonly realmProfile: string;
  readonly key: string;
  readonly rak: string;
}

const GOLDEN: readonly Golden[] = readFileSync(join(folder, 'INDEX.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, file = '', bytes = '', form = '', profiles = '', , keys = '', rak = ''] = line
      .split('|')
      .map((cell) => cell.trim());
    if (!/^\S+\/\S+\.cbor$/.test(file) || !/^\d+$/.test(bytes)) return [];
    const [platformProfile = '', realmProfile = ''] = profiles.split(' / ');
    return [{ file, bytes: Number(bytes), form, platformProfile, realmProfile, key: keys.split('/')[0] ?? '', rak }];
  });

interface Shown {
  readonly shape: string;
  readonly size: number;
  readonly dialect: string | null;
  readonly why: readonly string[];
  readonly features: Readonly<Record<string, string | null>>;
}

test('the index describes 28 tokens', () => {
  expect(GOLDEN.length).toBe(28);
});

describe('swcca show says of a golden token what the index says', () => {
  test.each(GOLDEN)('$file', async ({ file, bytes, form, platformProfile, realmProfile, rak }) => {
    const { code, json } = await runCommand(show, [join(folder, file), '--json']);
    const { shape, size, dialect, why, features } = json as Shown;
    expect([code, size]).toEqual([EXIT.ok, bytes]);
    // The first dummy token of all has claims under labels of its own, and no profile.
    const isDummy = form === 'platform only' && platformProfile === '-';
    expect(shape).toBe(isDummy ? 'cose' : form === 'platform only' ? 'platform' : 'cca');
    expect(dialect === null).toBe(isDummy);
    if (dialect !== null) expect([Object.keys(DIALECTS).includes(dialect), why.length > 0]).toEqual([true, true]);
    if (shape === 'cca') expect(features['outer']).toBe(form);
    if (platformProfile !== '-') expect(features['platformProfile']).toBe(platformProfile);
    if (REALM_PROFILES[realmProfile]) expect(features['realmProfile']).toBe(REALM_PROFILES[realmProfile]);
    const [rakForm] = rak.split(',');
    if (rakForm === 'raw' || rakForm === 'COSE_Key') expect(features['rak']).toBe(rakForm);
    const { text } = await runCommand(show, [join(folder, file)]);
    expect(text).toContain(`dialect: ${dialect ?? 'none that is known'}`);
    for (const reason of why) expect(text).toContain(reason);
  });
});

describe('swcca verify accepts a golden token with its key, unless the index says that its binding is bad', () => {
  test.each(GOLDEN)('$file', async ({ file, key, rak }) => {
    const known = KEYS[key];
    const good = known !== undefined && !rak.includes('BAD');
    const args = [join(folder, file), '--json', '--key', join(folder, known ?? KEYS['CPAK-FVP'] ?? '')];
    const { code, json } = await runCommand(verify, args);
    expect([code, (json as { accepted: boolean }).accepted]).toEqual([good ? EXIT.ok : EXIT.no, good]);
  });
});

import { build } from 'esbuild';

/** What a page does with swcca: boots a machine, launches a Realm, fetches a token, verifies it, and says what came out. */
const PAGE = `
import { createPlatform, defaultOrder, launchRealm, nobleCrypto, PLAN_DEFAULTS, runGuest } from './src/index.ts';
import { verifyToken } from './src/verify/index.ts';

const digest = (byte) => new Uint8Array(32).fill(byte);
const component = (slot, type, byte) =>
  ({ slot, type, version: '1.0.0', signerId: digest(0xa0), algorithm: 'sha-256', digest: digest(byte), lock: false });
const firmware = {
  name: 'page', summary: '', lcs: 'SE', dcu: new Uint8Array(16), bl12Hash: digest(1),
  components: [component(0, 'RSE_BL1_2', 1), component(14, 'RMM', 2)], updates: [], defaults: {},
};
const payload = Uint8Array.from({ length: 9000 }, (_, i) => i & 0xff);
const parts = {
  ripas: [{ base: 0x8000_0000n, size: 0x20_0000n, block: 'auto' }],
  loads: [{
    name: 'page', at: 0x8000_0000n, measured: true, size: payload.length,
    read: (offset, length) => payload.subarray(offset, offset + length),
  }],
  recs: [{ pc: 0x8000_0000n, gprs: [], runnable: true }],
};
const memory = { base: 0x8000_0000n, size: 0x20_0000n };
const plan = { ...PLAN_DEFAULTS, memory, rpv: new Uint8Array(64), ...parts, order: defaultOrder(parts) };

const platform = createPlatform({ seed: 'page', firmware, rmm: { chunk: [1000] } });
const realm = launchRealm(platform, plan);
const challenge = new Uint8Array(64).fill(7);
const [{ token }] = runGuest(platform, realm, [{ do: 'attest', challenge }]);
const report = verifyToken(token, { crypto: nobleCrypto, key: platform.hes.status().cpak, challenge });
globalThis.swccaResult = JSON.stringify({
  accepted: report.accepted,
  token: Array.from(token, (byte) => byte.toString(16).padStart(2, '0')).join(''),
});
`;

/** The page's script, with all of swcca in it: building it fails where the core asks for anything of Node. */
export const browserBundle = async (root: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: PAGE, resolveDir: root, loader: 'js' },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
};

/** What the script left behind. */
export interface BrowserResult {
  readonly accepted: boolean;
  readonly token: string;
}

// The story of one attestation, told from the trace of a machine that really ran: boot, launch, guest, verifier.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'out', 'demo');
const payload = join(root, 'firmware-fixtures', 'payload', 'hello-realm.img');

const colour = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
const paint = (style, text) => (colour ? styleText(style, text) : text);
const say = (line = '') => process.stdout.write(`${line}\n`);
const title = (text) => say(`\n${paint('bold', text)}`);
const row = (left, right = '') => say(`   ${left.padEnd(44)} ${paint('dim', right)}`);
const short = (hex) => `${hex.slice(0, 16)}…`;

const swcca = (...args) => {
  const run = spawnSync(process.execPath, [join(root, 'dist', 'cli', 'main.js'), ...args], { encoding: 'utf8' });
  if (run.status === 0) return run.stdout;
  process.stderr.write(run.stderr);
  process.exit(run.status ?? 3);
};

swcca(
  'token',
  '--payload',
  payload,
  '--extend',
  `1=@${payload}`,
  '--challenge',
  'c0ffee',
  '--chunk',
  '1000',
  '--bundle',
  out,
);
const events = readFileSync(join(out, 'trace.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const of = (type, holds = () => true) => events.filter((event) => event.type === type && holds(event));
const returned = (command) => of('command.return', (event) => event.command === command);
const measured = (step) => of('measurement', (event) => event.step === step);

title('1  A chip boots, and HES measures what it boots');
for (const { slot, detail, to } of of('hes.extend'))
  row(`slot ${String(slot).padStart(2)}  ${detail.sw_type ?? ''}`, short(to));
row('EL3 → HES  give the RMM its attestation key', `${of('hes.delegated_key').length} RAK, never seen outside the RMM`);
const [token] = of('hes.platform_token');
row('EL3 → HES  a platform token for hash(RAK)', `challenge ${short(token.detail.dak_pub_hash)}`);

title('2  A Host builds a Realm from a file: each step changes the RIM');
row('RMI_GRANULE_DELEGATE', `${returned('RMI_GRANULE_DELEGATE').length} granules given to the Realm world`);
const build = [
  ['RMI_REALM_CREATE', 'RimInit', 'hash of the parameters'],
  ['RMI_RTT_INIT_RIPAS', 'RimExtendRipas', 'entries made RAM'],
  ['RMI_DATA_CREATE', 'RimExtendData', `pages of ${relative(root, payload)}`],
  ['RMI_REC_CREATE', 'RimExtendRec', 'REC that may run'],
];
for (const [command, step, what] of build) {
  const steps = measured(step);
  row(command, `${steps.length} ${what}  → RIM ${short(steps.at(-1).to)}`);
}
row('RMI_REALM_ACTIVATE', 'the RIM is final');

title('3  The guest measures, and fetches its token in pieces');
const [rem] = measured('RemExtend');
row('RSI_MEASUREMENT_EXTEND', `REM 1  ${short(rem.from)} → ${short(rem.to)}`);
row(
  'RSI_ATTESTATION_TOKEN_INIT',
  `upper bound ${Number(returned('RSI_ATTESTATION_TOKEN_INIT')[0].outputs.size)} bytes`,
);
for (const { result, outputs } of returned('RSI_ATTESTATION_TOKEN_CONTINUE')) {
  row('RSI_ATTESTATION_TOKEN_CONTINUE', `${String(Number(outputs.len)).padStart(4)} bytes  ${result}`);
}

title('4  A verifier, which shares no code with any of that');
const at = (file) => join(out, file);
const verdict = swcca(
  'verify',
  at('token.cbor'),
  '--key',
  at('cpak.pem'),
  '--challenge',
  `@${at('challenge.bin')}`,
  '--reference',
  at('reference-values.json'),
);
for (const line of verdict.trimEnd().split('\n'))
  say(`   ${line.startsWith('accepted') ? paint('green', line) : line}`);

title('Left in out/demo');
row('token.cbor, token.diag', 'the CCA token, and the same for people');
row('cpak.pem, reference-values.json', 'what a verifier needs to know');
row('trace.ndjson', `all ${events.length} events: every command, condition, change and hash`);
say(`\n   ${paint('dim', 'Keys here come from a seed. They are for testing, and the token says so.')}`);

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { COMMAND_NAMES, COMMANDS, EXIT } from '../../src/cli/index.ts';
import { parseCommandLine } from '../../src/cli/parse.ts';
import { folder } from './support/folder.ts';
import { type Run, swcca } from './support/swcca.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const IMAGE = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256);
const REALM = `
realm:
  hash: sha-512
  load: [ { file: Image, at: 0x80200000 } ]
guest:
  - extend: { rem: 1, hex: "aa55" }
  - attest:
`;

/** A folder with what commands read, and a way to run one there. */
const place = () => {
  const here = folder({
    Image: IMAGE,
    'initrd.cpio': 'initrd',
    'nonce.bin': new Uint8Array(64).fill(7),
    'realm.yaml': REALM,
  });
  const run = (...args: string[]): Run => swcca(args, { cwd: here.path });
  return { ...here, run };
};

const claimsOf = (run: Run) =>
  JSON.parse(run.out) as { challenge: string; hash: string; rim: string; rems: string[]; token: string };

describe('swcca token', () => {
  test('gives the same bytes for the same seed, and a token that verify accepts', () => {
    const { run, at } = place();
    expect(run('token', '-o', 'a')).toMatchObject({ code: EXIT.ok, err: '' });
    expect(run('token', '-o', 'b', '--bundle', 'demo').code).toBe(EXIT.ok);
    expect(readFileSync(at('a'))).toEqual(readFileSync(at('b')));
    expect(run('token').bytes).toEqual(readFileSync(at('a')));
    expect(run('token', '-o', '-').bytes).toEqual(readFileSync(at('a')));
    expect(run('token', '--seed', '7').bytes).not.toEqual(readFileSync(at('a')));
    const all = ['--challenge', '@demo/challenge.bin', '--reference', 'demo/reference-values.json', '--strict'];
    expect(run('verify', 'a', '--key', 'demo/cpak.pem', ...all)).toMatchObject({ code: EXIT.ok });
  });

  test.each(['rmm-1.0', 'rmm-1.0-legacy'])('speaks the dialect %s', (dialect) => {
    const { run } = place();
    expect(run('token', '--dialect', dialect, '--bundle', 'demo').code).toBe(EXIT.ok);
    expect(run('verify', 'demo/token.cbor', '--key', 'demo/cpak.jwk.json')).toMatchObject({ code: EXIT.ok });
    expect(JSON.parse(run('show', 'demo/token.cbor', '--json').out)).toMatchObject({ dialect });
  });

  test('builds the Realm that file and options describe', () => {
    const { run } = place();
    const plain = claimsOf(run('token', '--realm', 'realm.yaml', '--json'));
    expect(plain.hash).toBe('sha-512');
    // RSI_MEASUREMENT_EXTEND of a fresh REM: the hash of as many zeros, then the value (RMM 1.0 B3.42, as implemented).
    expect(plain.rems[0]).toBe(createHash('sha512').update(new Uint8Array(64)).update('aa55', 'hex').digest('hex'));
    const digest = createHash('sha512').update('initrd').digest();
    const more = claimsOf(
      run('token', '--realm', 'realm.yaml', '--extend', '2=@initrd.cpio', '--challenge', '01', '--json'),
    );
    expect(more.rems[1]).toBe(createHash('sha512').update(new Uint8Array(64)).update(digest).digest('hex'));
    expect(more.challenge).toBe(`01${'00'.repeat(63)}`);
    expect(more.rim).toBe(plain.rim);
    const other = claimsOf(run('token', '--payload', 'Image@0x80200000', '--hash', 'sha-512', '--json'));
    expect(other.rim).toBe(plain.rim);
    expect(claimsOf(run('token', '--payload', 'Image@0x80400000', '--hash', 'sha-512', '--json')).rim).not.toBe(
      plain.rim,
    );
  });

  test('delivers the same token in chunks of any size', () => {
    const { run } = place();
    const whole = claimsOf(run('token', '--json')).token;
    for (const chunk of ['1', '1,7,4096', '2000'])
      expect(claimsOf(run('token', '--chunk', chunk, '--json')).token).toBe(whole);
  });

  test('draws a challenge from the seed, or from real randomness when asked', () => {
    const { run } = place();
    const drawn = (...args: string[]) => claimsOf(run('token', '--json', ...args)).challenge;
    expect(drawn()).toBe(drawn());
    expect(drawn('--entropy', 'system')).not.toBe(drawn('--entropy', 'system'));
  });

  test('separates the group from the chip', () => {
    const { run, at } = place();
    run('token', '--seed', 'a', '--group', 'g', '--bundle', 'a');
    run('token', '--seed', 'b', '--group', 'g', '--bundle', 'b');
    const of = (bundle: string, name: string) =>
      readFileSync(at(`${bundle}/${name}`), 'utf8')
        .split('\n')
        .slice(1)
        .join();
    expect(of('a', 'rak.pub.pem')).toBe(of('b', 'rak.pub.pem'));
    expect(of('a', 'cpak.pem')).not.toBe(of('b', 'cpak.pem'));
  });

  test('takes a machine profile', () => {
    const { run, write } = place();
    write(
      'machine.yaml',
      run('doctor', '--machine').out.replace(/dram: .*/, 'dram: [ { base: 0x1000000000, size: 64MiB } ]'),
    );
    expect(run('token', '--machine', 'machine.yaml', '-o', 'x').code).toBe(EXIT.ok);
    write('small.yaml', 'dram: [ { base: 0x80000000, size: 128KiB } ]');
    expect(run('token', '--machine', 'small.yaml', '-o', 'y')).toMatchObject({
      code: EXIT.usage,
      err: expect.stringContaining('give the machine more DRAM'),
    });
  });

  test('shows its events where it is told', () => {
    const { run } = place();
    const { err, code } = run('token', '-o', 'x', '--log-level', 'debug');
    expect(code).toBe(EXIT.ok);
    const events = err
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ msg: 'machine.start' });
    expect(events.some(({ msg, event }) => msg === 'command.enter' && event.command === 'RMI_REALM_CREATE')).toBe(true);
  });
});

describe('a trace', () => {
  test('runs again without a difference', () => {
    const { run } = place();
    expect(run('token', '--trace', 'trace.ndjson', '--challenge', '01').code).toBe(EXIT.ok);
    expect(run('replay', 'trace.ndjson')).toMatchObject({
      code: EXIT.ok,
      out: expect.stringMatching(/^the same: \d+ events\n$/),
    });
    expect(run('token', '--trace', '-').out).toContain('"type":"machine.start"');
  });

  test('can be read by people', () => {
    const { run } = place();
    run('token', '--trace', 'trace.ndjson');
    const { code, out } = run('trace', 'trace.ndjson');
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/^RMI_REALM_ACTIVATE .*\n {2}· rd_align +passed\n/m);
    expect(swcca(['trace', '-'], { input: '{"type":"rmm.boot","detail":{"a":"\\u001b]0;x"}}\n' }).out).not.toContain(
      '\u001b',
    );
  });

  test('that was changed is found out at the line of the change', () => {
    const { run, at, write } = place();
    run('token', '--trace', 'trace.ndjson');
    const lines = readFileSync(at('trace.ndjson'), 'utf8').split('\n');
    const at_ = lines.findIndex((text) => text.includes('"type":"measurement"'));
    write('changed.ndjson', lines.with(at_, (lines[at_] ?? '').replace(/"to":"./, '"to":"x')).join('\n'));
    const { code, out } = run('replay', 'changed.ndjson', '--json');
    expect(code).toBe(EXIT.no);
    expect(JSON.parse(out)).toMatchObject({ same: false, difference: { line: at_ + 1 } });
    write('short.ndjson', `${lines.slice(0, 100).join('\n')}\n`);
    expect(run('replay', 'short.ndjson').out).toContain('different at line 101\n  recorded  nothing more\n');
  });
});

describe('a bundle', () => {
  test('holds the token and all that belongs to it, each with its digest', () => {
    const { run, at } = place();
    expect(run('token', '--bundle', 'out/demo', '--challenge', '01').code).toBe(EXIT.ok);
    const names = readdirSync(at('out/demo')).sort();
    expect(names).toEqual([
      'bundle.json',
      'challenge.bin',
      'cpak.jwk.json',
      'cpak.pem',
      'endorsements',
      'platform-token.cbor',
      'rak.pub.pem',
      'realm-token.cbor',
      'reference-values.json',
      'token.cbor',
      'token.diag',
      'trace.ndjson',
    ]);
    const read = (name: string) => readFileSync(at(join('out/demo', name)));
    const index = JSON.parse(read('bundle.json').toString());
    expect(index).toMatchObject({ origin: 'rsi', synthetic: false, seed: 'swcca', switches: { dialect: 'rmm-1.0' } });
    const listed = Object.keys(index.files);
    expect([...new Set(listed.map((name) => name.split('/')[0]))].sort()).toEqual(
      names.filter((each) => each !== 'bundle.json'),
    );
    for (const name of listed) {
      expect(index.files[name]).toBe(createHash('sha256').update(read(name)).digest('hex'));
    }
    expect(read('challenge.bin')).toEqual(Buffer.concat([Buffer.of(1), Buffer.alloc(63)]));
    // Tag 18, and four members: a whole COSE_Sign1.
    for (const name of ['platform-token.cbor', 'realm-token.cbor'])
      expect(read(name).subarray(0, 2).toString('hex')).toBe('d284');
    expect(read('token.cbor').includes(read('realm-token.cbor'))).toBe(true);
    expect(read('token.cbor').includes(read('platform-token.cbor'))).toBe(true);
    for (const name of ['cpak.pem', 'cpak.jwk.json', 'rak.pub.pem'])
      expect(read(name).toString()).toContain('simulated');
    expect(run('verify', 'out/demo/platform-token.cbor', '--key', 'out/demo/cpak.pem').code).toBe(EXIT.ok);
  });

  test('says which parts of its dialect are its own', () => {
    const { at, path } = folder();
    const args = ['--outer', '907', '--mec', 'text', '--platform-hash', 'sha-384'];
    expect(swcca(['token', '--bundle', 'made', ...args], { cwd: path }).code).toBe(EXIT.ok);
    const { switches, synthetic } = JSON.parse(readFileSync(at('made/bundle.json'), 'utf8'));
    expect(switches).toMatchObject({ dialect: 'rmm-1.0', outer: 907, mec: 'text', hes: { serviceHash: 'sha-384' } });
    expect(synthetic).toBe(true);
  });
});

/** Whether a mount namespace with FUSE in it can be had: elsewhere `swcca tsm` says so and exits with 2. */
const canMount = (): boolean =>
  existsSync('/dev/fuse') && spawnSync('unshare', ['--mount', 'true'], { stdio: 'ignore' }).status === 0;

/** Two calls that every personality answers as they say. */
const CALLS = 'rmi GRANULE_DELEGATE 0x80000000 => SUCCESS\nrmi REC_ENTER 0x80000000 0x80001000 => ERROR_INPUT\n';

/** X0 to X17 as the C client records them. */
const frame = (...x: readonly number[]): Uint8Array =>
  Uint8Array.from(new Uint8Array(BigUint64Array.from({ length: 18 }, (_, n) => BigInt(x[n] ?? 0)).buffer));

/** One call that the C client recorded: RSI_VERSION, as it was given and as it came back. */
const RECORDING = Buffer.concat([Buffer.from('SWCCARC1'), frame(0xc400_0190, 0x1_0000), frame(0, 0x1_0000, 0x1_0000)]);

/** What only a user has, or what takes as long as he meant it to: such a line is read here, and run by its own tests. */
const OF_THE_USER =
  /\.\/(my-)?verifier|\.\/my-client|\.\/go-ccatoken|\.\.\/build|http:|1000000|shard-1|^chip |--random 1000 |serve --dir |^linux /;

describe('every example of the help pages', () => {
  const cases = COMMAND_NAMES.map((name) => [name] as const);
  test.for(cases)('of %s does what it says', { timeout: 120_000 }, async ([name], context) => {
    if (name === 'tsm' && !canMount()) context.skip('no program can be shown a mount of ours here');
    const { run, path, at, write } = place();
    expect(run('token', '--bundle', 'made', '--trace', 'trace.ndjson').code).toBe(EXIT.ok);
    for (const file of ['token.cbor', 'cpak.pem', 'challenge.bin', 'reference-values.json']) {
      write(file, readFileSync(at(`made/${file}`)));
    }
    for (const file of ['a.cbor', 'b.cbor']) write(file, readFileSync(at('made/token.cbor')));
    cpSync(at('made/endorsements'), at('endorsements'), { recursive: true });
    for (const file of ['calls.swcca', 'realm.swcca']) write(file, CALLS);
    write('crash.bin', new Uint8Array(4));
    write('crash.rec', RECORDING);
    write('odd.txt', 'continue wait\n');
    const command = await COMMANDS[name]();
    for (const [line] of command.examples) {
      if (OF_THE_USER.test(line)) {
        const words = line.split(/\s+/).slice(1);
        expect(() => parseCommandLine(command, words), line).not.toThrow();
        continue;
      }
      const shell = `swcca ${line}`.replaceAll(/\bswcca (?=[a-z])/g, `"${process.execPath}" "${MAIN}" `);
      const child = spawn('bash', ['-o', 'pipefail', '-c', shell], {
        cwd: path,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect({ line, code }).toEqual({ line, code: EXIT.ok });
    }
  });
});

describe('a run that is told to stop', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('by %s leaves nothing behind', async (signal) => {
    const { path, at } = place();
    writeFileSync(at('large'), '');
    truncateSync(at('large'), 12 << 20);
    const before = readdirSync(path);
    const args = [
      MAIN,
      'token',
      '--payload',
      'large',
      '-o',
      'token.cbor',
      '--trace',
      'trace.ndjson',
      '--bundle',
      'demo',
    ];
    const child = spawn(process.execPath, args, { cwd: path, stdio: 'ignore' });
    // Late enough that it holds half a trace.
    while (child.exitCode === null && readdirSync(path).length === before.length) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(child.exitCode).toBe(null);
    child.kill(signal);
    const by = await new Promise((resolve) => child.on('close', (_, name) => resolve(name)));
    expect(by).toBe(signal);
    expect(readdirSync(path).sort()).toEqual(before.sort());
  });
});

test('an output that cannot be written is refused before anything runs', () => {
  const { run, names, path } = place();
  mkdirSync(join(path, 'folder'));
  const before = names();
  for (const args of [
    ['-o', 'no/such/folder/token'],
    ['-o', 'folder'],
    ['-o', 'Image/token'],
    ['--trace', 'no/such/trace'],
    ['--bundle', 'Image'],
    ['--bundle', '.'],
    ['-o', 'same', '--trace', './same'],
    ['-o', 'demo/token', '--bundle', 'demo'],
    ['-o', '-', '--trace', '-'],
    ['-o', '-', '--json'],
    ...(existsSync('/dev/full')
      ? [
          ['-o', '/dev/full'],
          ['--trace', '/dev/full'],
        ]
      : []),
  ]) {
    const { code, err, out } = run('token', ...args);
    expect({ args, code, out }).toEqual({ args, code: EXIT.usage, out: '' });
    expect(err.trimEnd().split('\n').length).toBe(1);
  }
  expect(names()).toEqual(before);
});

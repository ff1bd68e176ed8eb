import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../../src/cli/index.ts';
import { folder, scratchFolder } from '../support/folder.ts';
import { guest, served } from '../support/served.ts';
import { swcca } from '../support/swcca.ts';

const CLIENT = fileURLToPath(new URL('../../bridge/client.mjs', import.meta.url));
const VERSION = [0xc400_0190n, 0x1_0000n];
const CHALLENGE = 'c5'.repeat(64);

const readLines = (path: string): unknown[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('swcca serve', () => {
  test('serves a guest in another process, and tells what became of it', async () => {
    const { at } = folder();
    const server = await served('--report', at('ends.ndjson'), '--chunk', '100');
    const { socket, memory, ipaBase } = server.place;
    expect(server.ready.pid).toBe(server.process.pid);
    const client = spawn(process.execPath, [CLIENT, socket, memory, ipaBase, 'token', CHALLENGE]);
    expect(await new Promise((resolve) => client.on('close', resolve))).toBe(0);
    server.process.kill('SIGTERM');
    const { code, out, err } = await server.gone;
    expect({ code, err }).toEqual({ code: EXIT.ok, err: '' });
    expect(out[1]).toMatchObject({ event: 'done', connections: 1, ends: { CLOSED: 1 }, faults: [] });
    expect(readLines(at('ends.ndjson'))).toMatchObject([{ place: 0, rec: 0, code: 'CLOSED' }]);
    expect(existsSync(server.ready.folder)).toBe(false);
  });

  test('runs a program that finds everything in its environment, and exits as it does', () => {
    const script = `node "${CLIENT}" "$SWCCA_SOCKET" "$SWCCA_MEMORY" "$SWCCA_IPA_BASE" token ${CHALLENGE}; exit 7`;
    const { code, out, err } = swcca(['serve', '--', 'sh', '-c', script]);
    expect(code).toBe(7);
    expect(err).toMatch(/^swcca serve: 1 connection, \d+ SMCs answered\n$/);
    expect(JSON.parse(out).token).toMatch(/^d9018f/);
  });

  test('ends its program when it is told to stop', async () => {
    const server = await served('--', 'sleep', '600');
    server.process.kill('SIGTERM');
    expect((await server.gone).code).toBe(EXIT.ok);
    expect(existsSync(server.ready.folder)).toBe(false);
  });

  test('is for this user alone, where it is told to be', async () => {
    const { at } = folder();
    const server = await served('--dir', at('here'));
    const { socket, memory } = server.place;
    expect(socket).toBe(at('here/0/rsi.sock'));
    for (const path of [at('here'), dirname(socket)]) expect(statSync(path).mode & 0o777).toBe(0o700);
    for (const path of [socket, memory]) expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('ends with whoever holds its standard input', async () => {
    const server = await served();
    server.process.stdin.end();
    expect((await server.gone).code).toBe(EXIT.ok);
    expect(existsSync(server.ready.folder)).toBe(false);
  });

  test('leaves nothing behind when it is killed', async () => {
    const server = await served();
    const holder = await guest(server.place.socket);
    await holder.smc(...VERSION);
    server.process.kill('SIGKILL');
    await server.gone;
    await holder.closed;
    await expect.poll(() => existsSync(server.ready.folder), { timeout: 5000 }).toBe(false);
  });

  test('serves several Realms, and starts machines anew', async () => {
    const { write } = folder();
    const realm = write('realm.yaml', 'realm: { recs: [{}, {}] }\n');
    const server = await served('--realm', realm, '--realm', realm, '--instances', '2', '--fresh');
    expect(server.ready.places.map(({ machine, realm: index, recs }) => [machine, index, recs])).toEqual([
      [0, 0, 2],
      [0, 1, 2],
      [1, 0, 2],
      [1, 1, 2],
    ]);
    for (const place of server.ready.places) {
      const { smc, socket } = await guest(place.socket);
      expect((await smc(...VERSION))?.[0]).toBe(0n);
      socket.destroy();
    }
  });

  test('leaves a trace that shows what guests did', async () => {
    const { at } = folder();
    const server = await served('--trace', at('trace.ndjson'));
    const { smc } = await guest(server.place.socket);
    await smc(...VERSION);
    server.process.stdin.end();
    await server.gone;
    expect(swcca(['replay', at('trace.ndjson')])).toMatchObject({ code: EXIT.ok });
    const calls = readLines(at('trace.ndjson')).filter((event) => (event as { caller?: string }).caller === 'realm');
    expect(calls).toMatchObject([{ type: 'smc.call' }, { type: 'smc.return' }]);
  });
});

describe('a fault plan', () => {
  const HOST = 'version: 1\nmodel: host\nfaults: [{ at: host.hostCall, act: { deny: true } }]\n';
  const CONTINUE = 'rmm.rsi.RSI_ATTESTATION_TOKEN_CONTINUE';
  const RMM = `version: 1\nmodel: rmm\nfaults: [{ at: ${CONTINUE}, act: { set: { x0: 3, x1: 0 } } }]\n`;

  test('of the Host denies service, and the report says which model it was', async () => {
    const { write } = folder();
    const server = await served('--faults', write('host.yaml', HOST));
    const { smc, closed } = await guest(server.place.socket);
    expect(await smc(0xc400_0199n, BigInt(server.place.ipaBase))).toBe(undefined);
    await closed;
    server.process.stdin.end();
    const { code, out, err } = await server.gone;
    expect(code).toBe(EXIT.ok);
    expect(out[1]).toMatchObject({
      ends: { HOST_GAVE_UP: 1 },
      faults: [{ model: 'host', faults: 1, fired: 1, missing: [] }],
    });
    expect(err).toContain('guest 0.0: HOST_GAVE_UP after 0 frames: the Host denies service');
  });

  test('of the Host takes a page away: its guest has to accept the loss, or never runs again', async () => {
    const { write } = folder();
    const page = 0x8000_2000n;
    const third = `{ at: host.smc, when: { nth: 3 }, act: { destroy: ${page} } }`;
    const server = await served(
      '--fresh',
      '--faults',
      write('destroy.yaml', `version: 1\nmodel: host\nfaults: [${third}]\n`),
    );
    const [config, ripas] = [
      [0xc400_0196n, page],
      [0xc400_0198n, page, page + 0x1000n],
    ] as const;
    const started = async () => {
      const { smc, ...rest } = await guest(server.place.socket);
      expect((await smc(...VERSION))?.[0]).toBe(0n);
      expect((await smc(...config))?.[0]).toBe(0n);
      expect((await smc(...ripas))?.slice(0, 3)).toEqual([0n, page + 0x1000n, 2n]);
      return { smc, ...rest };
    };
    const accepting = await started();
    const taken = await accepting.smc(0xc400_0197n, page, page + 0x1000n, 1n, 1n);
    expect(taken?.slice(0, 3)).toEqual([0n, page + 0x1000n, 0n]);
    expect((await accepting.smc(...config))?.[0]).toBe(0n);
    accepting.socket.destroy();
    const stubborn = await started();
    expect(await stubborn.smc(...config)).toBe(undefined);
    await stubborn.closed;
    server.process.stdin.end();
    const { out, err } = await server.gone;
    expect(out[1]).toMatchObject({ ends: { HOST_GAVE_UP: 1 } });
    expect(err).toContain('the guest touches 0x80002000, which the Host took away: it cannot go on');
  });

  test('of the RMM never ends, in every fresh machine, and the client is not to loop for ever', async () => {
    const { write } = folder();
    const server = await served('--fresh', '--faults', write('rmm.yaml', RMM));
    for (let n = 0; n < 2; n += 1) {
      const { smc, socket } = await guest(server.place.socket);
      await smc(...VERSION);
      for (let i = 0; i < 5; i += 1) {
        const answer = await smc(0xc400_0195n, BigInt(server.place.ipaBase) + 0x1000n, 0n, 0x1000n);
        expect(answer?.slice(0, 2)).toEqual([3n, 0n]);
      }
      socket.destroy();
    }
    server.process.stdin.end();
    expect((await server.gone).out[1]).toMatchObject({ faults: [{ model: 'rmm', fired: 1 }] });
  });

  test('whose fault never acted fails the run', async () => {
    const { write } = folder();
    const server = await served('--faults', write('host.yaml', HOST));
    server.process.stdin.end();
    const { code, err } = await server.gone;
    expect(code).toBe(EXIT.no);
    expect(err).toContain('faults of the model host that had to act did not: host.hostCall');
  });
});

describe('swcca serve refuses', () => {
  const { at, write, remove } = scratchFolder();
  afterAll(remove);

  test.each([
    [['--trace', '-'], 'standard output says where the server is'],
    [['--trace', at('t'), '--fresh'], 'leave out --fresh and --instances'],
    [['--dir', at('open')], 'others can enter it'],
    [['--dir', at('full')], 'is not empty'],
    [['--dir', at('x'.repeat(120))], 'name a folder with a shorter path'],
    [['--dir', at('no/where')], 'no such file or directory'],
    [['--realm', at('none.yaml')], 'no such file or directory'],
    [['--report', at('no/where')], 'no such file or directory'],
    [['--instances', '0'], 'is not a whole number from 1 to 64'],
    [['--', at('no-such-program')], 'cannot be run: no such file or directory'],
    [['--realm', at('r.yaml'), '--realm', at('r.yaml'), '--payload', at('r.yaml')], 'adds to one Realm'],
    [['--machine', at('small.yaml')], 'cannot be had on this machine'],
  ])('%j', (args, says) => {
    mkdirSync(at('full/inside'), { recursive: true, mode: 0o700 });
    mkdirSync(at('open'), { recursive: true, mode: 0o755 });
    write('r.yaml', 'realm: {}\n');
    write('small.yaml', 'dram: [{ base: 0x80000000, size: 64KiB }]\n');
    const { code, out, err } = swcca(['serve', ...args]);
    expect({ code, out }).toEqual({ code: EXIT.usage, out: '' });
    expect(err).toContain(says);
    expect(err.trimEnd().split('\n').length).toBe(1);
  });
});

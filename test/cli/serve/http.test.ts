import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { EXIT } from '../../../src/cli/index.ts';
import { folder } from '../support/folder.ts';
import { served } from '../support/served.ts';
import { swcca } from '../support/swcca.ts';

const post = (url: string, challenge: string) =>
  fetch(`${url}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/cbor' },
    body: JSON.stringify({ challenge }),
  });

describe('swcca serve --http', () => {
  test('gives the token that swcca token gives, on loopback only', async () => {
    const { at, write } = folder();
    const server = await served('--http', '0');
    const { http } = server.ready as unknown as { http: string };
    expect(http).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await post(http, 'c5');
    const file = write('token.cbor', new Uint8Array(await response.arrayBuffer()));
    const key = write('cpak.pem', await (await fetch(`${http}/cpak.pem`)).text());
    expect(swcca(['verify', file, '--key', key, '--challenge', 'c5']).code).toBe(EXIT.ok);
    expect(swcca(['token', '--challenge', 'c5', '-o', at('same.cbor')]).code).toBe(EXIT.ok);
    expect(readFileSync(file).equals(readFileSync(at('same.cbor')))).toBe(true);
    server.process.stdin.end();
    expect((await server.gone).code).toBe(EXIT.ok);
    await expect(post(http, 'c5')).rejects.toThrow();
  });

  test('says when a port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { port: number };
    const { code, err } = swcca(['serve', '--http', String(port)]);
    expect(code).toBe(EXIT.usage);
    expect(err).toBe(`swcca serve: --http ${port}: cannot listen there: it is in use; 0 takes any port that is free\n`);
  });

  test('counts faults that act for its tokens', async () => {
    const { write } = folder();
    const plan = 'version: 1\nmodel: host\nfaults: [{ at: host.smc, when: { nth: 2 }, act: { deny: true } }]\n';
    const server = await served('--http', '0', '--faults', write('plan.yaml', plan));
    const { http } = server.ready as unknown as { http: string };
    const response = await post(http, 'c5');
    expect(response.status).toBe(500);
    expect(((await response.json()) as { detail: string }).detail).toContain('the Host denies service');
    server.process.stdin.end();
    expect((await server.gone).out[1]).toMatchObject({ faults: [{ model: 'host', fired: 1, missing: [] }] });
  });
});

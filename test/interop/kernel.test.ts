import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { interop, needs } from './support/context.ts';
import { judgeAll } from './support/peer.ts';
import { attest, type Bundle, scratch, swcca } from './support/swcca.ts';
import { tokenParts } from './support/token-parts.ts';

const { goCcatoken, rustCcatoken, kernel, titles } = interop;

const SMALLEST_BYTES = 8 * 1024 * 1024;
/** Where a boot loader puts an arm64 Image: on a boundary of 2 MiB. */
const LOAD_ADDRESS = 0x80200000;
const INITIAL_MEASUREMENT = 44238;

const realmFile = (image: string) => `
realm:
  hash: sha-512
  memory: { base: 0x80000000, size: 256MiB }
  load:
    - { file: ${image}, at: 0x${LOAD_ADDRESS.toString(16)}, measured: true }
  recs:
    - { pc: 0x${LOAD_ADDRESS.toString(16)}, runnable: true }
`;

const rim = ({ token }: Bundle) =>
  Buffer.from(tokenParts(token).realm.claims.get(INITIAL_MEASUREMENT) as Uint8Array).toString('hex');

/** Our own verifier, as a user runs it, with the reference values of a launch. */
function verified({ directory, original }: Bundle, launch = directory): boolean {
  const { status, stdout, stderr } = swcca(
    ...['verify', original.token, '--key', join(directory, 'cpak.pem')],
    ...['--challenge', `@${join(directory, 'challenge.bin')}`],
    ...['--reference', join(launch, 'reference-values.json')],
  );
  if (status !== 0 && status !== 1) throw new Error(`swcca verify: ${stderr}${stdout}`);
  return status === 0;
}

describe('a Realm launched from a Linux kernel for arm64 out of Debian', () => {
  test('the kernel is a real one', (context) => {
    const { image, package: origin } = needs(context, kernel);
    context.task.meta.counted = `${origin}, ${(statSync(image).size / 1024 / 1024).toFixed(1)} MiB`;
    expect(statSync(image).size).toBeGreaterThanOrEqual(SMALLEST_BYTES);
  });

  const payload = (image: string) => ['--payload', `${image}@0x${LOAD_ADDRESS.toString(16)}`];

  test('swcca verify accepts its token, with the reference values of the launch', (context) => {
    expect(verified(attest(...payload(needs(context, kernel).image)))).toBe(true);
  });

  test(`${titles.goCcatoken} accepts its token`, async (context) => {
    const { image } = needs(context, kernel);
    const { command } = needs(context, goCcatoken);
    const [verdict] = await judgeAll(command, [attest('--dialect', 'rmm-1.0', ...payload(image)).original]);
    expect(verdict).toMatchObject({ accepted: true });
  });

  test(`${titles.rustCcatoken} accepts its token in dialect rmm-1.0-legacy`, async (context) => {
    const { image } = needs(context, kernel);
    const { command } = needs(context, rustCcatoken);
    const { original } = attest('--dialect', 'rmm-1.0-legacy', ...payload(image));
    const [verdict] = await judgeAll([...command, 'ccatoken'], [original]);
    expect(verdict).toMatchObject({ accepted: true });
  });

  test('a Realm file launches it, and the token carries the RIM of that launch', (context) => {
    const { image } = needs(context, kernel);
    const file = join(scratch(), 'realm.yaml');
    writeFileSync(file, realmFile(image));
    const bundle = attest('--realm', file);
    expect(verified(bundle)).toBe(true);
    expect(rim(bundle)).toHaveLength(2 * 64);
  });

  test('one changed bit in the last page of the kernel changes the RIM, and swcca verify refuses the token', (context) => {
    const { image } = needs(context, kernel);
    const bytes = readFileSync(image);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    const changed = join(scratch(), 'Image');
    writeFileSync(changed, bytes);
    const [launch, tampered] = [attest(...payload(image)), attest(...payload(changed))];
    expect(rim(tampered)).not.toBe(rim(launch));
    expect(verified(tampered)).toBe(true);
    expect(verified(tampered, launch.directory)).toBe(false);
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { importJWK, type JWK, jwtVerify } from 'jose';
import { afterAll, expect, test } from 'vitest';
import { simulatedEarKey } from '../../src/cli/ear.ts';
import { EXIT } from '../../src/cli/index.ts';
import { folder, scratchFolder } from './support/folder.ts';
import { swcca } from './support/swcca.ts';

const made = scratchFolder();
afterAll(made.remove);
swcca(['token', '--bundle', made.at('b')]);
const file = (name: string): string => made.at(`b/${name}`);
const verify = (...args: string[]) =>
  swcca([
    'verify',
    file('token.cbor'),
    '--key',
    file('cpak.pem'),
    '--reference',
    file('reference-values.json'),
    ...args,
  ]);

test('an EAR is signed by the simulated key, which says what it is', async () => {
  const { at } = folder();
  expect(verify('--ear', at('r.jwt'), '--challenge', `@${file('challenge.bin')}`).code).toBe(EXIT.ok);
  const key = await importJWK(simulatedEarKey(), 'ES256');
  const { payload, protectedHeader } = await jwtVerify(readFileSync(at('r.jwt'), 'utf8').trim(), key);
  expect(protectedHeader.kid).toContain('simulated');
  expect(payload['eat_nonce']).toBe(readFileSync(file('challenge.bin')).toString('base64'));
  expect(payload['submods']).toMatchObject({
    CCA_SSD_PLATFORM: { 'ear.status': 'affirming' },
    CCA_REALM: { 'ear.status': 'affirming' },
  });
});

test('or by a key that is given, and a refused token is told of, too', async () => {
  const { write } = folder();
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const jwk = write('key.json', JSON.stringify(privateKey.export({ format: 'jwk' })));
  const { code, out } = verify('--ear', '-', '--ear-key', jwk, '--challenge', '01');
  expect(code).toBe(EXIT.no);
  const { payload } = await jwtVerify(out.trim(), await importJWK(publicKey.export({ format: 'jwk' }) as JWK, 'ES384'));
  expect(payload['submods']).toMatchObject({ ARM_CCA: { 'ear.status': 'contraindicated' } });
});

test('the appraisal is part of what programs read', () => {
  const { appraisal } = JSON.parse(verify('--json').out);
  expect(appraisal.CCA_REALM.reasons.executables).toContain('reference values');
});

test.for([
  [['--ear-key', file('cpak.jwk.json')], '--ear-key is of use with --ear only'],
  [['--ear', '-', '--json'], '--json needs standard output'],
  [['--ear', '-', '--ear-key', file('cpak.jwk.json')], 'is not the JWK of a private key'],
  [['--ear', '-', '--ear-key', file('cpak.pem')], 'is not JSON'],
  [['--ear', '-', '--ear-key', file('none')], 'no such file'],
] as const)('%j is one line', ([args, says]) => {
  const { code, out, err } = verify(...args);
  expect({ code, out }).toEqual({ code: EXIT.usage, out: '' });
  expect(err.trimEnd().split('\n')).toHaveLength(1);
  expect(err).toContain(says);
});

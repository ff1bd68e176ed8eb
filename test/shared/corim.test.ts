import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { keyOfCorims, parseCorim, referenceOfCorims, verifyToken } from '../../src/verify/index.ts';

const tokens = join(process.env['SWCCA_SHARED'] ?? '../shared', 'vectors/tokens');
const services = join(tokens, 'veraison-services/scheme-arm-cca');
const read = (...path: string[]): Uint8Array => new Uint8Array(readFileSync(join(...path)));

describe.for([join(services, 'corim'), join(tokens, 'veraison-corim')])('the CoRIMs of %s', (folder) => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.cbor'));
  test.for(files)('%s', (name) => {
    const parsed = parseCorim(read(folder, name), nodeCrypto);
    // The one about an instance in a reference triple is refused by nobody: it says more than it needs to.
    const good = /valid\.cbor$/.test(name) || /bad-refval-instance/.test(name);
    expect(parsed.ok ? 'read' : parsed.error).toMatch(good ? /^read$/ : /: /);
  });
});

test("Veraison's good evidence meets Veraison's good endorsements", () => {
  const corims = ['platform', 'realm'].map((of) => {
    const parsed = parseCorim(read(services, `corim/corim-cca-${of}-valid.cbor`), nodeCrypto);
    if (!parsed.ok) throw new Error(parsed.error);
    return parsed.value;
  });
  const report = verifyToken(read(services, 'evidence/cca-good.cbor'), {
    crypto: nodeCrypto,
    key: keyOfCorims(corims),
    reference: (claims) => referenceOfCorims(corims, claims),
  });
  const failed = report.findings.filter(({ severity }) => severity === 'error');
  // Its signers differ from those of its endorsements, which Veraison does not compare.
  expect(new Set(failed.map(({ code, detail }) => `${code} ${detail['attribute']}`))).toEqual(
    new Set(['COMPONENT_MISMATCH signer_id']),
  );
});

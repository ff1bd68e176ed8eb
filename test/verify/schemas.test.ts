import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { FINDINGS, POLICY_RULES, parsePolicy, parseReferenceValues } from '../../src/verify/index.ts';

const read = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url), 'utf8'));
const ajv = new Ajv2020();
const digest = 'ab'.repeat(32);

const REFERENCES: readonly unknown[] = [
  { version: 1 },
  { version: 1, $schema: 'x', implementation_id: digest, instance_id: `01${digest}`, config: '', rpv: 'AB'.repeat(64) },
  { version: 1, rim: 'ab'.repeat(48), rems: [digest, null, null, 'ab'.repeat(64)] },
  {
    version: 1,
    components: [
      { measurement_value: digest },
      { component_type: 'A', measurement_value: digest, version: '1', signer_id: digest },
    ],
  },
  {},
  [],
  1,
  null,
  { version: 2 },
  { version: '1' },
  { version: 1, other: 1 },
  { version: 1, implementation_id: 'ab' },
  { version: 1, instance_id: digest },
  { version: 1, config: 'abc' },
  { version: 1, config: 1 },
  { version: 1, rim: null },
  { version: 1, rims: [digest] },
  { version: 1, rems: [digest] },
  { version: 1, rpv: digest },
  { version: 1, components: [{}] },
  { version: 1, components: [{ measurement_value: digest, type: 'A' }] },
  { version: 1, components: [{ measurement_value: digest, version: 1 }] },
];

const POLICIES: readonly unknown[] = [
  { version: 1 },
  { version: 1, lifecycle: ['secured', { from: 0x3000, to: '0x30ff' }] },
  { version: 1, warnings: { PROFILE_PAIR_MIXED: 'refuse', COMPONENT_TYPE_MISSING: 'ignore' }, strict: true },
  { version: 1, require: Object.keys(POLICY_RULES) },
  {},
  { version: 1, lifecycle: [] },
  { version: 1, lifecycle: ['open'] },
  { version: 1, lifecycle: [{ from: 0x10000, to: 0x10001 }] },
  { version: 1, lifecycle: [{ from: '3000', to: '30ff' }] },
  { version: 1, lifecycle: [{ from: 1, to: 2, also: 3 }] },
  { version: 1, warnings: { PROFILE_PAIR_MIXED: 'maybe' } },
  { version: 1, warnings: { BINDING_MISMATCH: 'ignore' } },
  { version: 1, require: ['luck'] },
  { version: 1, strict: 1 },
];

describe.each([
  ['reference-values', REFERENCES, parseReferenceValues],
  ['policy', POLICIES, parsePolicy],
] as const)('the published schema of %s', (name, samples, parse) => {
  test('takes and refuses what the parser does', () => {
    const validate = ajv.compile(read(name));
    const verdicts = samples.map((sample) => [sample, validate(sample)]);
    expect(verdicts).toEqual(samples.map((sample) => [sample, parse(JSON.stringify(sample)).ok]));
    expect(new Set(verdicts.map(([, verdict]) => verdict))).toEqual(new Set([true, false]));
  });
});

test('the published policy schema knows every warning', () => {
  const { properties } = read('policy') as { properties: { warnings: { properties: object } } };
  const warnings = Object.entries(FINDINGS).flatMap(([code, { severity }]) => (severity === 'warning' ? [code] : []));
  expect(Object.keys(properties.warnings.properties).sort()).toEqual(warnings.sort());
});

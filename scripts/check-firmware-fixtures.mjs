/**
 * Holds a folder of firmware sets and fault plans against the published schemas, and each set against its own files: the
 * images that it names, the keys of its signers, and what it says it gives. Exits with 1 and names every problem.
 *
 *     node scripts/check-firmware-fixtures.mjs [FOLDER]
 */
import { createHash, createPublicKey } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse as parseYaml } from 'yaml';
import { expectedOf, sha256 } from './lib/fixtures/derivation.mjs';

const folder = process.argv[2] ?? fileURLToPath(new URL('../firmware-fixtures/', import.meta.url));
const schemaOf = (name) =>
  JSON.parse(readFileSync(new URL(`../docs/schemas/${name}.schema.json`, import.meta.url), 'utf8'));
const ajv = new Ajv2020({ allErrors: true });
const isManifest = ajv.compile(schemaOf('firmware-manifest'));
const isPlan = ajv.compile(schemaOf('fault-plan'));

const problems = [];
const problem = (place, says) => problems.push(`${place}: ${says}`);
const schemaProblems = (place, validate, value) => {
  if (validate(value)) return;
  // A plan has a branch for each seam: what all of them say is more than anybody reads.
  for (const { instancePath, message } of validate.errors.slice(0, 5)) problem(`${place}${instancePath}`, message);
};

const sets = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'manifest.json')));
const plans = existsSync(join(folder, 'faults')) ? readdirSync(join(folder, 'faults')) : [];

const everyComponent = ({ components, updates = [], script = [] }) => [
  ...components,
  ...updates,
  ...script.map(({ activate }) => activate),
];

const checkSet = (name) => {
  const place = join(name, 'manifest.json');
  const manifest = JSON.parse(readFileSync(join(folder, place), 'utf8'));
  schemaProblems(place, isManifest, manifest);
  if (manifest.name !== name) problem(place, `is called ${manifest.name}`);
  const imageOf = (image) => join(folder, name, image);
  const missing = everyComponent(manifest).filter(({ image }) => image !== undefined && !existsSync(imageOf(image)));
  for (const { image } of missing) problem(place, `names ${image}, which is not there`);
  for (const [signer, { id, key }] of Object.entries(manifest.signers)) {
    if (key === undefined) continue;
    const spki = createPublicKey(readFileSync(imageOf(key))).export({ type: 'spki', format: 'der' });
    if (sha256(spki).toString('hex') !== id) problem(place, `signers.${signer}: its key hashes to another id`);
  }
  if (manifest.expected === undefined || missing.length > 0) return;
  const digest = ({ image, digest: given, algorithm = 'sha-256' }) =>
    image === undefined
      ? Buffer.from(given, 'hex')
      : createHash(algorithm.replace('-', ''))
          .update(readFileSync(imageOf(image)))
          .digest();
  const measured = manifest.components.map((each) => ({
    algorithm: 'sha-256',
    ...each,
    id: manifest.signers[each.signer].id,
    digest: digest(each),
  }));
  const { lcs, dcu = '00'.repeat(16), defaults = {}, expected } = manifest;
  const given = expectedOf({ lcs, dcu, hes: defaults.hes }, expected.seed, measured, measured[0].digest);
  for (const member of ['cpak', 'rak']) {
    if (given[member] !== expected[member]) problem(place, `expected.${member} is not what the images give`);
  }
  for (const slot of new Set([...Object.keys(given.slots), ...Object.keys(expected.slots)])) {
    if (given.slots[slot] !== expected.slots[slot])
      problem(place, `expected.slots.${slot} is not what its image gives`);
  }
};

for (const name of sets) checkSet(name);
for (const name of plans) {
  schemaProblems(join('faults', name), isPlan, parseYaml(readFileSync(join(folder, 'faults', name), 'utf8')));
}

for (const each of problems) console.error(`check-firmware-fixtures: ${each}`);
if (problems.length > 0) process.exitCode = 1;
else
  console.log(
    `check-firmware-fixtures: ${sets.length} firmware sets and ${plans.length} fault plans are as they should be`,
  );

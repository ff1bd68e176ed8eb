/**
 * Writes `firmware-fixtures/`: images, keys and manifest of each set, the signers' private keys, and the payload of the
 * demo Realm. Fault plans there are written by hand.
 *
 *     node scripts/make-firmware-fixtures.mjs [FOLDER]
 *
 * Everything there is made here and says so in plain text: no byte comes from real firmware. What a set must give on the
 * default chip is computed with node:crypto alone, apart from the sources, so that a test can hold one against the other.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectedOf, sha256, signer } from './lib/fixtures/derivation.mjs';
import { FOREIGN_SIGNERS, SETS, SIGNERS } from './lib/fixtures/sets.mjs';

const folder = process.argv[2] ?? fileURLToPath(new URL('../firmware-fixtures/', import.meta.url));
const SEED = 'swcca';
const LICENCE = 'Apache-2.0';
const ORIGIN = 'made by scripts/make-firmware-fixtures.mjs of swcca; no byte comes from real firmware';
const ISLET_ORIGIN = 'the constants of hes/islet-hes-host-app/src/main.rs of islet-project/islet: digests, no images';

/** The final NUL keeps Git from taking the file for text, whose line ends it may change. */
const plainImage = (type, version) =>
  Buffer.from(
    [
      'swcca simulated firmware image',
      `component: ${type}`,
      `version:   ${version}`,
      'This file is measured as if a chip booted it. It holds no code and came from no vendor.',
      '\0',
    ].join('\n'),
  );

const imageOf = ({ type, version, tampered }) => {
  const image = plainImage(type, version);
  if (tampered) image[0] ^= 1;
  return image;
};

const write = (path, data) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), data);
};

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

const signers = new Map(Object.keys(SIGNERS).map((name) => [name, signer(name)]));
const idOf = (name) => signers.get(name)?.id ?? FOREIGN_SIGNERS[name].id;

/** A component as the manifest has it; its image goes beside it, unless only its digest is known. */
const manifestComponent = (setName, component, suffix = '') => {
  const {
    slot,
    type,
    version,
    signer: by,
    countersigners,
    liveActivation,
    algorithm = 'sha-256',
    digest,
    lock,
  } = component;
  const image = `images/${type.toLowerCase()}${suffix}.bin`;
  if (digest === undefined) write(`${setName}/${image}`, imageOf(component));
  return {
    slot,
    type,
    version,
    signer: by,
    ...(countersigners === undefined ? {} : { countersigners }),
    ...(liveActivation === undefined ? {} : { liveActivation }),
    algorithm,
    ...(digest === undefined ? { image } : { digest }),
    lock,
  };
};

const namedIn = ({ components, script = [] }) => [
  ...new Set(
    [...components, ...script.map(({ activate }) => activate)].flatMap(({ signer: by, countersigners = [] }) => [
      by,
      ...countersigners,
    ]),
  ),
];

const manifestSigners = (set) =>
  Object.fromEntries(
    namedIn(set).map((name) => {
      if (FOREIGN_SIGNERS[name] !== undefined) return [name, FOREIGN_SIGNERS[name]];
      const key = `keys/${name}.pub.pem`;
      write(`${set.name}/${key}`, signers.get(name).publicPem);
      return [name, { id: idOf(name), says: SIGNERS[name], key }];
    }),
  );

const measured = (component) => {
  const digest = component.digest === undefined ? sha256(imageOf(component)) : Buffer.from(component.digest, 'hex');
  return { algorithm: 'sha-256', ...component, id: idOf(component.signer), digest };
};

for (const set of SETS) {
  const { name, summary, about, lcs, lifecycle, dcu, components, script, defaults } = set;
  const [first] = components.map(measured);
  write(
    `${name}/manifest.json`,
    json({
      schema: 'swcca/firmware-set/v1',
      name,
      summary,
      about,
      origin: set.hes === 'islet' ? ISLET_ORIGIN : ORIGIN,
      licence: LICENCE,
      lcs,
      ...(lifecycle === undefined ? {} : { lifecycle }),
      dcu,
      signers: manifestSigners(set),
      components: components.map((each) => manifestComponent(name, each)),
      ...(script === undefined
        ? {}
        : {
            script: script.map(({ after, activate }) => ({
              after,
              activate: manifestComponent(name, activate, `-${activate.version}`),
            })),
          }),
      ...(defaults === undefined ? {} : { defaults }),
      expected: expectedOf(set, SEED, components.map(measured), first.digest),
    }),
  );
}

for (const [name, { privatePem }] of signers) write(`signers/${name}.pem`, privatePem);
write(
  'signers/README.md',
  `# Keys of signers, for testing

Private keys of P-384 (PKCS #8) of whoever signs the images of the sets. They are derived from their names, so they are
secret to nobody; the public halves are in the \`keys\` folder of each set, and the id of a signer is the SHA-256 of its
SubjectPublicKeyInfo.

| file | who |
|---|---|
${Object.entries(SIGNERS)
  .map(([name, says]) => `| \`${name}.pem\` | ${says} |`)
  .join('\n')}
`,
);

const PAGE = 4096;
const PAGES = 16;

/** Text that fills a page, its number in each line so that no two pages are alike. */
const pageText = (page) => {
  const line = `swcca demo payload, page ${page + 1} of ${PAGES}: this is no kernel, it is measured and never run.\n`;
  return Buffer.from(line.repeat(Math.ceil(PAGE / line.length)).slice(0, PAGE));
};

/** The header of an arm64 Image: a branch over it, then sizes and the magic; behind it a loop that waits for ever. */
const imageHeader = () => {
  const out = Buffer.alloc(0x80);
  out.writeUInt32LE(0x14000010, 0x00); // b 0x40
  out.writeBigUInt64LE(0n, 0x08); // text_offset
  out.writeBigUInt64LE(BigInt(PAGES * PAGE), 0x10); // image_size
  out.writeBigUInt64LE(0xan, 0x18); // little-endian, 4 KiB pages, anywhere in memory
  out.write('ARM\x64', 0x38, 'latin1');
  out.writeUInt32LE(0xd503207f, 0x40); // wfi
  out.writeUInt32LE(0x17ffffff, 0x44); // b 0x40
  return out;
};

const payload = Buffer.concat(Array.from({ length: PAGES }, (_, page) => pageText(page)));
payload.set(imageHeader());
write('payload/hello-realm.img', payload);
write(
  'payload/payloads.json',
  json({
    schema: 'swcca/payloads/v1',
    payloads: [
      {
        file: 'hello-realm.img',
        size: payload.length,
        sha256: sha256(payload).toString('hex'),
        summary: 'What the demo loads into its Realm: an arm64 Image header, a loop that waits, and text.',
        origin: ORIGIN,
        licence: LICENCE,
      },
    ],
  }),
);

/**
 * Writes `firmware-fixtures/`: the images and manifest of each set, and the payload of the demo Realm.
 *
 *     node scripts/make-firmware-fixtures.mjs [FOLDER]
 *
 * Everything there is made here and says so in plain text: no byte comes from real firmware. What a set must give on the
 * default chip is computed with node:crypto alone, apart from the sources, so that a test can hold one against the other.
 */
import { createCipheriv, createECDH, createHash, createHmac } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = process.argv[2] ?? fileURLToPath(new URL('../firmware-fixtures/', import.meta.url));
const SEED = 'swcca';
const LICENCE = 'Apache-2.0';
const ORIGIN = 'made by scripts/make-firmware-fixtures.mjs of swcca; no byte comes from real firmware';

const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const u32le = (value) => {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
};

const u32be = (value) => {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
};

/** AES-256-CMAC (RFC 4493). */
const cmac = (key, message) => {
  const ecb = (block) => createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(block);
  const double = (block) => {
    let value = BigInt(`0x${block.toString('hex')}`) << 1n;
    if (value >> 128n) value ^= (1n << 128n) | 0x87n;
    return Buffer.from(value.toString(16).padStart(32, '0'), 'hex');
  };
  const xor = (a, b) => Buffer.from(a.map((byte, i) => byte ^ b[i]));
  const k1 = double(ecb(Buffer.alloc(16)));
  const whole = message.length > 0 && message.length % 16 === 0;
  const blocks = Math.max(1, Math.ceil(message.length / 16));
  const tail = message.subarray(16 * (blocks - 1));
  const last = whole
    ? xor(tail, k1)
    : xor(Buffer.concat([tail, Buffer.from([0x80]), Buffer.alloc(15 - tail.length)]), double(k1));
  let mac = Buffer.alloc(16);
  for (let i = 0; i < blocks - 1; i++) mac = ecb(xor(mac, message.subarray(16 * i, 16 * i + 16)));
  return ecb(xor(mac, last));
};

/** SP 800-108r1 in counter mode over CMAC, 32 bytes. */
const deriveSeed = (key, label, context) => {
  const fixed = Buffer.concat([Buffer.from(`${label}\0\0`), context, u32be(256)]);
  const k0 = cmac(key, fixed);
  return Buffer.concat([1, 2].map((i) => cmac(key, Buffer.concat([u32be(i), fixed, k0]))));
};

const P384_ORDER = 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n;

/** The point of a P-384 key from a seed: HKDF without salt, then the next 48 bytes until they are small enough, plus one. */
const pointOf = (seed, info) => {
  const hmac = (key, ...parts) => createHmac('sha256', key).update(Buffer.concat(parts)).digest();
  const prk = hmac(Buffer.alloc(32), seed);
  let block = Buffer.alloc(0);
  let stream = Buffer.alloc(0);
  for (let i = 1; i <= 12; i++) {
    block = hmac(prk, block, info, Buffer.from([i]));
    stream = Buffer.concat([stream, block]);
  }
  for (let at = 0; ; at += 48) {
    const k = BigInt(`0x${stream.subarray(at, at + 48).toString('hex')}`);
    if (k > P384_ORDER - 2n) continue;
    const ecdh = createECDH('secp384r1');
    ecdh.setPrivateKey((k + 1n).toString(16).padStart(96, '0'), 'hex');
    return ecdh.getPublicKey();
  }
};

const SPKI_P384 = Buffer.from('3076301006072a8648ce3d020106052b81040022036200', 'hex');
const signerId = (name) => sha256(SPKI_P384, pointOf(sha256(`swcca/signer/${name}`), Buffer.alloc(0))).toString('hex');

const coseKey = (point) =>
  `a401022002215830${point.subarray(1, 49).toString('hex')}225830${point.subarray(49).toString('hex')}`;

/** CBOR of what the boot state has: heads below 256, byte strings and text. */
const head = (major, n) => (n < 24 ? Buffer.from([(major << 5) | n]) : Buffer.from([(major << 5) | 24, n]));
const bstr = (bytes) => Buffer.concat([head(2, bytes.length), bytes]);
const tstr = (text) => Buffer.concat([head(3, Buffer.byteLength(text)), Buffer.from(text)]);
const bootState = (components) =>
  Buffer.concat([
    head(4, components.length),
    ...components.flatMap(({ id, version, type, value }) => [
      ...[head(5, 5), head(0, 5), bstr(Buffer.from(id, 'hex')), head(0, 4), tstr(version), head(0, 1), tstr(type)],
      ...[head(0, 6), tstr('sha-256'), head(0, 2), bstr(value)],
    ]),
  ]);

const SIGNERS = {
  firmware: 'signs the firmware of RSE, AP and RMM',
  owner: 'signs what the owner of the platform brings',
};

/** The final NUL keeps Git from taking the file for text, whose line ends it may change. */
const image = (type, version) =>
  Buffer.from(
    [
      'swcca simulated firmware image',
      `component: ${type}`,
      `version:   ${version}`,
      'This file is measured as if a chip booted it. It holds no code and came from no vendor.',
      '\0',
    ].join('\n'),
  );

const component = (slot, type, { version = '1.0.0', signer = 'firmware', lock = false } = {}) => ({
  slot,
  type,
  version,
  signer,
  lock,
});

/** What boots on a secured chip, everything signed by whom it should be. */
const good = [
  component(0, 'RSE_BL1_2', { lock: true }),
  component(1, 'RSE_BL2', { lock: true }),
  component(2, 'RSE_S'),
  component(3, 'AP_BL1'),
  component(4, 'SCP_BL1'),
  component(5, 'SCP_BL2', { signer: 'owner' }),
  component(8, 'FW_CONFIG'),
  component(9, 'TB_FW_CONFIG'),
  component(10, 'AP_BL2'),
  component(11, 'AP_BL31'),
  component(12, 'HW_CONFIG'),
  component(13, 'SOC_FW_CONFIG'),
  component(14, 'RMM'),
];

const SETS = [
  {
    name: 'good-1.0',
    summary:
      'Nothing is wrong with it: a secured chip, every component signed by whom it should be. A verifier that knows its reference values accepts it.',
    lcs: 'SE',
    lcsOtp: 3,
    components: good,
  },
];

const NO_DCU = Buffer.alloc(16);
const REPROVISIONING = u32le(0);
const PCI = u32le(0x2222aa55);

const expectedOf = ({ components, lcsOtp }) => {
  const root = (name) => sha256(`swcca/hes/v1/${name}`, Buffer.alloc(1), SEED);
  const slots = components.map(({ slot, type, version, signer }) => ({
    slot,
    type,
    version,
    id: signerId(signer),
    value: sha256(Buffer.alloc(32), sha256(image(type, version))),
  }));
  const bl12 = sha256(image(components[0].type, components[0].version));
  const cpak = pointOf(deriveSeed(root('huk'), 'BL1_IAK_SEED_DERIVATION', sha256(REPROVISIONING)), Buffer.alloc(0));
  const state = sha256(PCI, u32le(lcsOtp), REPROVISIONING, bl12, NO_DCU);
  const rak = pointOf(deriveSeed(root('guk'), 'BL1_DAK_SEED_DERIVATION', state), bootState(slots));
  return {
    seed: SEED,
    slots: Object.fromEntries(slots.map(({ slot, value }) => [slot, value.toString('hex')])),
    cpak: coseKey(cpak),
    rak: coseKey(rak),
  };
};

const write = (path, data) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), data);
};

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

for (const set of SETS) {
  const { name, summary, lcs, components } = set;
  for (const { type, version } of components) write(`${name}/images/${type.toLowerCase()}.bin`, image(type, version));
  write(
    `${name}/manifest.json`,
    json({
      schema: 'swcca/firmware-set/v1',
      name,
      summary,
      origin: ORIGIN,
      licence: LICENCE,
      lcs,
      dcu: NO_DCU.toString('hex'),
      signers: Object.fromEntries(Object.entries(SIGNERS).map(([key, says]) => [key, { id: signerId(key), says }])),
      components: components.map(({ lock, ...rest }) => ({
        ...rest,
        algorithm: 'sha-256',
        image: `images/${rest.type.toLowerCase()}.bin`,
        lock,
      })),
      expected: expectedOf(set),
    }),
  );
}

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

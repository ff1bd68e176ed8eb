// Shows one bomb to every reader of CBOR, and prints what each took: a process for each bomb, so that memory is its own.
import { existsSync, readFileSync } from 'node:fs';

const MILLION = 1_000_000;

const bytes = (...parts) => {
  const out = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};
const filled = (size, byte) => new Uint8Array(size).fill(byte);
/** A head with an argument of four or eight bytes. */
const head = (major, argument) => {
  const wide = argument > 0xffff_ffffn;
  const out = new Uint8Array(wide ? 9 : 5);
  out[0] = (major << 5) | (wide ? 27 : 26);
  if (wide) new DataView(out.buffer).setBigUint64(1, argument);
  else new DataView(out.buffer).setUint32(1, Number(argument));
  return out;
};
const COLLECTION = bytes([0xd9, 0x01, 0x8f]);
/** A collection whose entries hold what is given. */
const collection = (platform, realm) =>
  bytes(
    COLLECTION,
    [0xa2, 0x19, 0xac, 0xca],
    head(2, BigInt(platform.length)),
    platform,
    [0x19, 0xac, 0xd1],
    head(2, BigInt(realm.length)),
    realm,
  );
const sign1 = (payload) =>
  bytes(
    [0xd2, 0x84, 0x44, 0xa1, 0x01, 0x38, 0x22, 0xa0],
    head(2, BigInt(payload.length)),
    payload,
    head(2, 96n),
    filled(96, 1),
  );
const inSign1 = (payload) => collection(sign1(payload), sign1(payload));
/** Distinct keys 0, 1, 2, …, each with the value 0. */
const distinct = (count) => {
  const out = new Uint8Array(6 * count);
  const view = new DataView(out.buffer);
  for (let i = 0; i < count; i += 1) {
    out[6 * i] = 0x1a;
    view.setUint32(6 * i + 1, i + 0x1_0000);
  }
  return out;
};
const HUGE = 1n << 60n;

const BOMBS = {
  'arrays ten thousand deep': () => bytes(filled(10_000, 0x81), [0]),
  'maps ten thousand deep': () => bytes(...Array.from({ length: 10_000 }, () => [0xa1, 0]), [0]),
  'tags ten thousand deep': () => bytes(filled(10_000, 0xc1), [0]),
  'a million tags': () => filled(MILLION, 0xc1),
  'indefinite arrays ten thousand deep': () => filled(10_000, 0x9f),
  'indefinite maps ten thousand deep': () => bytes(...Array.from({ length: 10_000 }, () => [0xbf, 0])),
  'indefinite strings ten thousand deep': () => filled(10_000, 0x5f),
  'a string of 2^60 bytes': () => head(2, HUGE),
  'a text of 2^60 bytes': () => head(3, HUGE),
  'an array of 2^60 items': () => head(4, HUGE),
  'a map of 2^60 entries': () => bytes(COLLECTION, head(5, HUGE)),
  'a map of ten million entries': () => bytes(COLLECTION, head(5, 10n * BigInt(MILLION)), new Uint8Array(20 * MILLION)),
  'the beginning of a map of ten million entries': () =>
    bytes(COLLECTION, head(5, 10n * BigInt(MILLION)), filled(MILLION, 0)),
  'a map of half a million entries': () => bytes(COLLECTION, head(5, 500_000n), new Uint8Array(MILLION)),
  'an indefinite map of half a million entries': () => bytes(COLLECTION, [0xbf], new Uint8Array(MILLION), [0xff]),
  'an indefinite array of a million items': () => bytes([0x9f], new Uint8Array(MILLION), [0xff]),
  'an indefinite string of a million pieces': () => bytes([0x5f], filled(MILLION, 0x40), [0xff]),
  'an indefinite text of a million pieces': () => bytes([0x7f], filled(MILLION, 0x60), [0xff]),
  'two thousand entries with one key': () => bytes(COLLECTION, head(5, 2_000n), new Uint8Array(4_000)),
  'two thousand entries with keys of their own': () => bytes(COLLECTION, head(5, 2_000n), distinct(2_000)),
  'claims with two thousand entries in both tokens': () => inSign1(bytes(head(5, 2_000n), distinct(2_000))),
  'claims with two thousand times one label': () => inSign1(bytes(head(5, 2_000n), new Uint8Array(4_000))),
  'claims ten thousand deep': () => inSign1(bytes(filled(10_000, 0x81), [0])),
  'a claim that holds a million zeros': () =>
    collection(bytes(head(4, BigInt(MILLION / 2)), new Uint8Array(MILLION / 2)), filled(1, 0x80)),
  'a token of a million bytes without sense': () => inSign1(bytes([0xa1, 0x0a], head(2, 400_000n), filled(400_000, 7))),
  'ten million bytes': () => new Uint8Array(10 * MILLION),
};

const dist = new URL('../../dist/', import.meta.url);
const load = (room) => import(new URL(`${room}.js`, dist).href);

const readers = async () => {
  const [{ nodeCrypto: crypto }, cbor, cose, verify, inspect, token, explain] = await Promise.all(
    ['crypto/node', 'cbor/index', 'cose/index', 'verify/index', 'inspect/index', 'token/index', 'explain/index'].map(
      load,
    ),
  );
  return {
    verify: (input) => {
      const report = verify.verifyToken(input, { crypto });
      if (report.accepted) throw new Error('is accepted');
      verify.reportLines(report);
    },
    show: (input) => inspect.describeToken(input),
    cbor: (input) => cbor.decode(input),
    COSE_Sign1: (input) => cose.decodeSign1(input),
    COSE_Key: (input) => cose.parseCoseKey(input),
    'key file': (input) => verify.parseKeyFile(input, crypto),
    CoRIM: (input) => verify.parseCorim(input, crypto),
    explain: (input) => {
      const answers = explain.explainToken({ token: input, crypto });
      if (answers.some(({ accepted }) => accepted)) throw new Error('is accepted');
    },
    rewrap: (input) => token.rewrapToken(input, { outer: 907 }),
  };
};

/** Peak resident memory of this process alone, in MiB: `resourceUsage` counts the parent's from before the exec too. */
const peakMiB = () => {
  const own = existsSync('/proc/self/status')
    ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    : undefined;
  return Number(own ?? process.resourceUsage().maxRSS) / 1024;
};

const [, , name] = process.argv;
if (name === undefined) process.stdout.write(JSON.stringify({ bombs: Object.keys(BOMBS), idleMiB: peakMiB() }));
else {
  const input = BOMBS[name]();
  const all = await readers();
  const ms = Object.fromEntries(
    Object.entries(all).map(([reader, read]) => {
      // The least of three: what compiles and collects beside a first reading is counted as the processor's time too.
      const times = Array.from({ length: 3 }, () => {
        const before = process.cpuUsage();
        read(input);
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1000;
      });
      return [reader, Math.min(...times)];
    }),
  );
  process.stdout.write(JSON.stringify({ ms, inputMiB: input.length / 2 ** 20, peakMiB: peakMiB() }));
}

import { utf8 } from '../../../src/bytes/index.ts';
import { decode, diagnostic, encode, problems, toValue } from '../../../src/cbor/index.ts';
import { decodeSign1, parseCoseKey } from '../../../src/cose/index.ts';
import {
  fromBase64,
  parseJwk,
  parseSec1Point,
  parseSpkiDer,
  parseSpkiPem,
  publicJwk,
  spkiDer,
  spkiPem,
} from '../../../src/crypto/index.ts';
import { platformCorim, realmCorim } from '../../../src/endorse/index.ts';
import { explainToken } from '../../../src/explain/index.ts';
import { describeToken, descriptionToJson, renderText, tokenFileBytes } from '../../../src/inspect/index.ts';
import { rewrapToken } from '../../../src/token/index.ts';
import {
  appraise,
  parseCorim,
  parseKeyFile,
  parsePolicy,
  parseReferenceValues,
  type Report,
  referenceValuesOf,
  referenceValuesToJson,
  reportLines,
  reportToJson,
  verifyToken,
} from '../../../src/verify/index.ts';
import { subject } from '../../endorse/support/subject.ts';
import { bytes } from '../../support/cbor-writer.ts';
import {
  CPAK,
  coseKey,
  crypto,
  deviceClaims,
  digestOf,
  forge,
  platformPart,
  publicOf,
  RAK_P256,
  rawPoint,
  realmPart,
  record,
} from '../../support/forge.ts';
import { aLine, jsonBytes, jsonOf, once, orLine, type Parser, textOf } from './parser.ts';

const tokens = once(() => [
  forge(),
  forge({ year: 'legacy' }),
  forge({ year: 'legacy', outer: 907 }),
  forge({
    year: '2024',
    realm: { 44257: bytes(digestOf('sha-256', deviceClaims())) },
    entries: { 44258: record(deviceClaims(), 601) },
  }),
  forge({ year: '2026' }),
  platformPart(),
  realmPart(),
]);
const keys = once(() => [publicOf(CPAK), publicOf(RAK_P256)]);
const judged = (token: Uint8Array): Report => verifyToken(token, { crypto, key: publicOf(CPAK) });
const claimsText = (report: Report): string => JSON.stringify((reportToJson(report) as { claims: unknown }).claims);

const corims = once(() =>
  (['2025', 'ssd-1'] as const).flatMap((profile) => [
    platformCorim(crypto, subject.platform, profile),
    realmCorim(crypto, subject.realm, profile),
  ]),
);

/** Readers of tokens, and of what tokens are judged with. */
export const TOKEN_PARSERS = {
  cbor: {
    seeds: tokens,
    make: () => (input) => {
      const decoded = decode(input);
      if (!decoded.ok) return aLine(`${decoded.error.code} ${decoded.error.offset}`);
      problems(decoded.item);
      diagnostic(decoded.item);
      const again = decode(encode(toValue(decoded.item)));
      if (!again.ok) throw new Error(`its preferred form cannot be read: ${again.error.code}`);
    },
  },
  'cose-sign1': {
    seeds: () => [platformPart(), realmPart()],
    make: () => (input) => {
      const decoded = decodeSign1(input);
      if (!decoded.ok) aLine(decoded.error.code);
    },
  },
  'cose-key': {
    seeds: () => keys().map(coseKey),
    make: () => (input) => {
      const parsed = parseCoseKey(input);
      if (!parsed.ok) aLine(parsed.error.code);
    },
  },
  key: {
    seeds: () => [
      ...keys().flatMap((key) => [utf8(spkiPem(key)), spkiDer(key), jsonBytes(publicJwk(key)), coseKey(key)]),
      jsonBytes({ keys: keys().map((key) => publicJwk(key)) }),
    ],
    make: () => (input) => {
      orLine(parseKeyFile(input, crypto));
      parseSpkiDer(input);
      parseSpkiPem(textOf(input));
      parseSec1Point('P-384', input);
      parseJwk(jsonOf(input));
      fromBase64(textOf(input));
    },
  },
  'raw-point': {
    seeds: () => [rawPoint(publicOf(CPAK))],
    make: () => (input) => void parseSec1Point(undefined, input),
  },
  verify: {
    seeds: tokens,
    make: () => {
      const good = new Set(tokens().map((token) => claimsText(judged(token))));
      return (input) => {
        const report = judged(input);
        reportLines(report).forEach(aLine);
        appraise(report, undefined);
        const claims = claimsText(report);
        if (!report.accepted && report.findings.length === 0) throw new Error('is refused without a reason');
        // What is accepted says what was signed: only the wrapper around it may be another.
        if (report.accepted && !good.has(claims)) throw new Error('is accepted with other claims than were signed');
      };
    },
  },
  show: {
    seeds: () => [
      ...tokens(),
      utf8(Buffer.from(forge()).toString('hex')),
      utf8(Buffer.from(forge()).toString('base64')),
    ],
    make: () => (input) => {
      const description = describeToken(tokenFileBytes(input).bytes);
      renderText(description, { hex: true });
      JSON.stringify(descriptionToJson(description));
    },
  },
  explain: {
    seeds: tokens,
    make: () => (input) => {
      const all = explainToken({ token: input, key: publicOf(CPAK), challenge: undefined, crypto });
      for (const { says } of all) if (says !== undefined) aLine(says);
    },
  },
  rewrap: { seeds: tokens, make: () => (input) => orLine(rewrapToken(input, { outer: 907 })) },
  'reference-values': {
    seeds: () => [jsonBytes(referenceValuesToJson(referenceValuesOf(judged(forge()).claims)))],
    make: () => (input) => orLine(parseReferenceValues(textOf(input))),
  },
  policy: {
    seeds: () => [jsonBytes({ version: 1, lifecycle: [0x3000], warnings: 'refuse', require: ['kid'] })],
    make: () => (input) => orLine(parsePolicy(textOf(input))),
  },
  corim: { seeds: corims, make: () => (input) => orLine(parseCorim(input, crypto)) },
} as const satisfies Record<string, Parser>;

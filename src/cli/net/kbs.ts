import { generateKeyPairSync } from 'node:crypto';
import { padEnd, utf8 } from '../../bytes/index.ts';
import { fromBase64, type HashName } from '../../crypto/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import { trusteeEvidence } from '../../endorse/index.ts';
import { badInput } from '../exit.ts';
import { claimsOfJwt, type JsonObject, jsonAnswer, textMember } from './json-answer.ts';
import { type Answer, exchange } from './request.ts';
import type { AttestTo } from './service.ts';

/** The version of the protocol whose messages these are: Trustee takes exactly that one. */
const VERSION = '0.4.0';
const TEE = 'cca';
const COOKIE = 'kbs-session-id';
const REPORT_DATA_BYTES = 64;
/** The evidence of other devices of the guest: a JSON text, which is bound as it is written. */
const NO_OTHERS = '{}';

const HASHES: Readonly<Record<string, HashName>> = { sha256: 'sha-256', sha384: 'sha-384', sha512: 'sha-512' };
const DEFAULT_HASH = 'sha384';

/** What a nonce of EAT may have (RFC 9711 4.1); Trustee's has 32 bytes. */
const NONCE_BYTES = { least: 8, most: 64 };

/** JSON with sorted members and no space: what both sides hash. */
const canonical = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
};

const sessionCookie = ({ headers }: Answer, where: string): string => {
  const given = headers['set-cookie'];
  const cookies = Array.isArray(given) ? given : typeof given === 'string' ? [given] : [];
  const session = cookies.map((each: string) => each.split(';')[0] ?? '').find((each) => each.startsWith(`${COOKIE}=`));
  if (session === undefined) throw badInput(`${where}: answers without the cookie ${COOKIE}`);
  return session;
};

const hashOf = (challenge: JsonObject, where: string): HashName => {
  const extra = challenge['extra-params'];
  const selected =
    typeof extra === 'object' && extra !== null ? (extra as JsonObject)['selected-hash-algorithm'] : undefined;
  const hash = HASHES[String(selected ?? DEFAULT_HASH).toLowerCase()];
  if (hash === undefined) throw badInput(`${where}: selects the hash algorithm ${String(selected)}, which is unknown`);
  return hash;
};

/** The text of the nonce, which goes back as it came. */
const nonceTextOf = (challenge: JsonObject, where: string): string => {
  const text = textMember(challenge, 'nonce', where);
  const size = fromBase64(text)?.length ?? 0;
  if (size < NONCE_BYTES.least || size > NONCE_BYTES.most) {
    throw badInput(
      `${where}: gives a nonce of ${size === 0 ? 'no' : size} bytes; ${NONCE_BYTES.least} to ${NONCE_BYTES.most} in base64 are due`,
    );
  }
  return text;
};

/** A key of the guest, to which secrets would be encrypted: nobody keeps its private half. */
const guestKey = (): JsonObject => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...publicKey.export({ format: 'jwk' }), alg: 'ECDH-ES+A256KW' };
};

/** The attestation protocol of Trustee's key broker: request, challenge, attestation, response. */
export const attestToKbs: AttestTo = async (base, { timeoutMs, evidence }) => {
  const url = (name: string): URL => new URL(`kbs/v0/${name}`, base);
  const post = async (name: string, body: unknown, cookie?: string) => {
    const headers = { 'content-type': 'application/json', ...(cookie === undefined ? {} : { cookie }) };
    return exchange(url(name), { method: 'POST', headers, body: JSON.stringify(body), timeoutMs });
  };
  const asking = `POST ${url('auth').href}`;
  const supported = { 'supported-hash-algorithms': Object.keys(HASHES) };
  const asked = await post('auth', { version: VERSION, tee: TEE, 'extra-params': supported });
  const challenge = jsonAnswer(asked, [200], asking);
  const nonceText = nonceTextOf(challenge, asking);
  const cookie = sessionCookie(asked, asking);
  const runtimeData = { nonce: nonceText, 'tee-pubkey': guestKey() };
  const bound = { ...runtimeData, 'additional-evidence': NO_OTHERS };
  const digest = nodeCrypto.hash(hashOf(challenge, asking)).digest(utf8(canonical(bound)));
  const nonce = padEnd(digest, REPORT_DATA_BYTES);
  const { token } = await evidence(nonce);
  const attestation = {
    'runtime-data': runtimeData,
    'tee-evidence': { primary_evidence: trusteeEvidence(token), additional_evidence: NO_OTHERS },
  };
  const submitting = `POST ${url('attest').href}`;
  const answer = jsonAnswer(await post('attest', attestation, cookie), [200], submitting);
  const result = textMember(answer, 'token', submitting);
  const claims = claimsOfJwt(result);
  if (claims === undefined) throw badInput(`${submitting}: gives a token that is not a JSON Web Token`);
  return { nonce, token, result, claims };
};

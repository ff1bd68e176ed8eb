import { equalBytes } from '../../bytes/index.ts';
import { fromBase64, fromBase64Url } from '../../crypto/index.ts';
import { badInput } from '../exit.ts';
import { claimsOfJwt, type JsonObject, jsonAnswer, textMember } from './json-answer.ts';
import { exchange } from './request.ts';
import type { AttestTo } from './service.ts';

/** What Veraison takes for a CCA token, whatever the profile and the tag of the token (token 7). */
const EVIDENCE_TYPE = 'application/eat-collection; profile="http://arm.com/CCA-SSD/1.0.0"';
const SESSION_TYPE = 'application/vnd.veraison.challenge-response-session+json';

const NONCE_BYTES = 64;
const NONCE_LEAST = 8;
const POLL_MS = 500;

/** A nonce as text: in either alphabet of base64, with or without padding. */
const nonceBytes = (text: string): Uint8Array | undefined => fromBase64(text) ?? fromBase64Url(text.replace(/=+$/, ''));

const nonceOf = (session: JsonObject, where: string): Uint8Array => {
  const nonce = nonceBytes(textMember(session, 'nonce', where));
  if (nonce === undefined || nonce.length < NONCE_LEAST || nonce.length > NONCE_BYTES) {
    throw badInput(
      `${where}: gives a nonce of ${nonce?.length ?? 'no'} bytes; a Realm takes ${NONCE_LEAST} to ${NONCE_BYTES}`,
    );
  }
  return nonce;
};

/** The session lives where the service says, which is at the service. */
const sessionUrl = (location: unknown, base: URL, where: string): URL => {
  if (typeof location !== 'string') throw badInput(`${where}: answers without a Location for the session`);
  const url = URL.canParse(location, base.href) ? new URL(location, base) : undefined;
  if (url === undefined || url.origin !== base.origin) {
    throw badInput(`${where}: puts the session at ${location}, which is not where it was asked`);
  }
  return url;
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Veraison's challenge-response API (endorsements 6): a session with a nonce, the evidence, the result as EAR. */
export const attestToVeraison: AttestTo = async (base, { timeoutMs, deadlineMs, nowMs, evidence }) => {
  const start = new URL('challenge-response/v1/newSession', base);
  start.searchParams.set('nonceSize', String(NONCE_BYTES));
  const opening = `POST ${start.origin}${start.pathname}`;
  const opened = await exchange(start, { method: 'POST', headers: { accept: SESSION_TYPE }, timeoutMs });
  const session = jsonAnswer(opened, [201], opening);
  const url = sessionUrl(opened.headers['location'], start, opening);
  const nonce = nonceOf(session, opening);
  const { token } = await evidence(nonce);
  const where = `POST ${url.origin}${url.pathname}`;
  const headers = { accept: SESSION_TYPE, 'content-type': EVIDENCE_TYPE };
  let state = jsonAnswer(await exchange(url, { method: 'POST', headers, body: token, timeoutMs }), [200, 202], where);
  while (state['status'] === 'processing') {
    if (nowMs() > deadlineMs) throw badInput(`${where}: is still processing after ${timeoutMs / 1000} s`);
    await pause(POLL_MS);
    state = jsonAnswer(
      await exchange(url, { method: 'GET', headers: { accept: SESSION_TYPE }, timeoutMs }),
      [200],
      where,
    );
  }
  if (state['status'] !== 'complete') throw badInput(`${where}: ends with status "${String(state['status'])}"`);
  const result = textMember(state, 'result', where);
  const claims = claimsOfJwt(result);
  if (claims === undefined) throw badInput(`${where}: gives a result that is not a JSON Web Token`);
  const answered = claims['eat_nonce'];
  if (answered !== undefined && !equalBytes(nonceBytes(String(answered)) ?? new Uint8Array(), nonce)) {
    throw badInput(`${where}: gives the result of another session: its eat_nonce is not the nonce`);
  }
  return { nonce, token, result, claims };
};

import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { badInput } from '../exit.ts';
import { sizeText } from '../io/size.ts';
import { oneLine } from '../io/terminal.ts';

export interface RequestOptions {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** For the whole exchange. */
  readonly timeoutMs: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/** Many times what any result of an attestation takes. */
const MAX_BODY_BYTES = 1 << 20;

/** What went wrong on the way, and what to do about it, by the code of the system or of OpenSSL. */
const wordsFor = ({ code, message }: NodeJS.ErrnoException): string => {
  if (code === undefined) return message;
  if (code === 'ECONNREFUSED') return `nobody listens there (${code}): is the service up, and this its port?`;
  return /CERT|SIGNATURE|ISSUER/.test(code)
    ? `its certificate is not trusted (${code}): name a file with its issuer in NODE_EXTRA_CA_CERTS`
    : code;
};

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
export const isLoopback = ({ hostname }: URL): boolean => LOOPBACK.test(hostname);

/**
 * Sends one request, once, and reads the answer. No redirect is followed: the evidence goes where it was told to.
 *
 * @throws {UsageError} INPUT, one line, when nobody answers in time, or with more than an answer can be.
 */
export const exchange = (url: URL, { method, headers = {}, body, timeoutMs }: RequestOptions): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const where = `${method} ${url.origin}${url.pathname}`;
    const request = send(url, { method, headers, agent: false });
    const timer = setTimeout(() => fail(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
    const fail = (says: string, cause?: unknown): void => {
      clearTimeout(timer);
      request.destroy();
      reject(badInput(`${where}: ${oneLine(says)}`, cause));
    };
    request.on('error', (error: NodeJS.ErrnoException) => fail(wordsFor(error), error));
    request.on('response', (response) => {
      const parts: Uint8Array[] = [];
      let size = 0;
      response.on('data', (part: Uint8Array) => {
        size += part.length;
        if (size > MAX_BODY_BYTES) fail(`answers with more than ${sizeText(MAX_BODY_BYTES)}`);
        else parts.push(part);
      });
      response.on('error', (error) => fail(error.message, error));
      response.on('aborted', () => fail('the answer breaks off'));
      response.on('end', () => {
        clearTimeout(timer);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: new Uint8Array(Buffer.concat(parts)),
        });
      });
    });
    request.end(body);
  });

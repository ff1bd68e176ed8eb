import { readFileSync } from 'node:fs';
import { badCommandLine, badInput } from '../exit.ts';
import { type Acceptance, type Answer, type Limits, lastWords, type Question, type Verifier } from './answer.ts';

/** How a token travels. */
export interface HttpShape {
  readonly url: string;
  /** What is sent in place of the bare token: placeholders stand for the base64 of their files. */
  readonly body?: string | undefined;
  readonly mediaType?: string | undefined;
}

const ANY = /\{[a-z.]+\}/g;
/** An answer that is longer says no more. */
const MAX_BODY = 1 << 16;
const SERVER_ERROR = 500;
/** Nobody is there: what a server that fell over looks like, too. And a port that no web client calls (Fetch 2.9). */
const UNREACHABLE = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'bad port'];

/** Why a request came to nothing: a code of the system, or a sentence. */
const reasonOf = ({ cause, message }: Error): string =>
  cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : message;

const base64 = (file: string, encoding: 'base64' | 'base64url' = 'base64'): string =>
  readFileSync(file).toString(encoding);

const bodyOf = ({ body }: HttpShape, files: Question['files']): string | Uint8Array =>
  body === undefined
    ? Uint8Array.from(readFileSync(files['{token}'] ?? ''))
    : body.replace(ANY, (placeholder) => base64(files[placeholder] ?? ''));

/** Reads no more of an answer than tells something. */
const textOf = async (response: Response): Promise<string> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    parts.push(part as Uint8Array);
    size += (part as Uint8Array).length;
    if (size >= MAX_BODY) break;
  }
  return Buffer.concat(parts).subarray(0, MAX_BODY).toString();
};

/**
 * A verifier behind a URL: each token is one POST, and a status of 200 to 299 is acceptance.
 *
 * Asking throws {UsageError} INPUT when nobody has ever been there; whoever answered once and is gone has crashed.
 */
export const httpVerifier = (shape: HttpShape, { timeoutMs }: Limits, { output }: Acceptance): Verifier => {
  if (!URL.canParse(shape.url) || !/^https?:$/.test(new URL(shape.url).protocol)) {
    throw badCommandLine(`--http: "${shape.url}" is no http or https URL`);
  }
  let isThere = false;
  return {
    name: shape.url,
    async ask({ files, mediaType }: Question): Promise<Answer> {
      const begin = performance.now();
      const answer = (kind: Answer['kind'], says: string): Answer => ({ kind, says, ms: performance.now() - begin });
      try {
        const response = await fetch(
          shape.url.replace(ANY, (placeholder) => base64(files[placeholder] ?? '', 'base64url')),
          {
            method: 'POST',
            headers: { 'content-type': shape.mediaType ?? mediaType },
            body: bodyOf(shape, files) as NonNullable<RequestInit['body']>,
            signal: AbortSignal.timeout(timeoutMs),
            redirect: 'error',
          },
        );
        isThere = true;
        const text = await textOf(response);
        const says = `${response.status} ${lastWords(text)}`.trim();
        if (response.status >= SERVER_ERROR) return answer('crashed', says);
        return answer(response.ok && (output?.test(text) ?? true) ? 'accepted' : 'refused', says);
      } catch (error) {
        const { name, message, cause } = error as Error;
        if (name === 'TimeoutError') return answer('hung', `no answer within ${timeoutMs} ms`);
        const reason = reasonOf(error as Error);
        if (!isThere && UNREACHABLE.includes(reason)) {
          throw badInput(`--http ${shape.url}: nobody is there (${reason}); start the verifier first`, error);
        }
        isThere = true;
        return answer('crashed', cause instanceof Error ? cause.message : message);
      }
    },
    close: () => undefined,
  };
};

import { fromUtf8 } from '../../bytes/index.ts';
import { badInput } from '../exit.ts';
import { oneLine } from '../io/terminal.ts';
import type { Answer } from './request.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

const SHOWN = 120;

/** The beginning of an answer, for a message about it. */
const shown = (text: string): string => {
  const line = oneLine(text.trim());
  return line === '' ? 'nothing' : `"${line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line}"`;
};

/**
 * The JSON object that a service answers with.
 *
 * @throws {UsageError} INPUT, one line, when it has another status than is due, or holds something else.
 */
export const jsonAnswer = ({ status, headers, body }: Answer, due: readonly number[], where: string): JsonObject => {
  const text = fromUtf8(body) ?? '';
  if (status >= 300 && status < 400) {
    throw badInput(`${where}: redirects to ${String(headers['location'])}, which is not followed; name that address`);
  }
  if (!due.includes(status)) throw badInput(`${where}: answers with status ${status}: ${shown(text)}`);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // said below
  }
  throw badInput(`${where}: answers with ${shown(text)}, where a JSON object is due; is this the right address?`);
};

/** A text member of an answer. @throws {UsageError} INPUT */
export const textMember = (answer: JsonObject, name: string, where: string): string => {
  const value = answer[name];
  if (typeof value !== 'string') throw badInput(`${where}: answers without "${name}"`);
  return value;
};

/** The claims of a JSON Web Token, unverified, or undefined for anything else. */
export const claimsOfJwt = (token: string): JsonObject | undefined => {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
};

/** A request as a route sees it: whole, and within the limits. */
export interface HttpRequest {
  readonly accept: string;
  /** Without parameters, in lower case. */
  readonly contentType: string;
  readonly body: Uint8Array;
}

export interface HttpReply {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What one path answers to one method. Synchronous, like the machine behind it. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly handle: (request: HttpRequest) => HttpReply;
}

const text = new TextEncoder();

export const jsonReply = (status: number, value: unknown, headers?: HttpReply['headers']): HttpReply => ({
  status,
  type: 'application/json',
  body: text.encode(`${JSON.stringify(value)}\n`),
  ...(headers === undefined ? {} : { headers }),
});

/** What went wrong, by RFC 9457. */
export const problem = (status: number, title: string, detail: string, headers?: HttpReply['headers']): HttpReply => ({
  ...jsonReply(status, { status, title, detail }, headers),
  type: 'application/problem+json',
});

/** Whether a client takes a media type: an Accept header names it, its family, or anything. Weights are not weighed. */
export const accepts = (accept: string, type: string): boolean => {
  const family = `${type.split('/')[0]}/*`;
  return accept.split(',').some((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const refused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    return !refused && (name === '' || name === '*/*' || name === family || name === type);
  });
};

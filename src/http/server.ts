import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OPENAPI } from './openapi.ts';
import { type HttpReply, jsonReply, problem, type Route } from './route.ts';

/** What one server bears, whatever its clients do. */
export interface HttpLimits {
  readonly bodyBytes: number;
  readonly headerBytes: number;
  readonly connections: number;
  /** Milliseconds until all headers are there. */
  readonly headersMs: number;
  /** Milliseconds until the whole request is there. */
  readonly requestMs: number;
  /** Milliseconds that a connection may be idle between two requests. */
  readonly keepAliveMs: number;
}

const DEFAULT_LIMITS: HttpLimits = {
  bodyBytes: 4096,
  headerBytes: 8192,
  connections: 256,
  headersMs: 5000,
  requestMs: 10_000,
  keepAliveMs: 5000,
};

export interface HttpServer {
  readonly url: string;
  /** Requests that were answered, by status. */
  readonly answered: Readonly<Record<number, number>>;
  close(): Promise<void>;
}

export interface HttpOptions {
  readonly routes: readonly Route[];
  /** 0 is any that is free. */
  readonly port: number;
  readonly limits?: Partial<HttpLimits>;
  /** Told what a route threw. */
  readonly onFailure: (error: unknown) => void;
}

const LOOPBACK = '127.0.0.1';

/** A name that a browser was led here by is none of ours: a web page elsewhere is no client. */
const isForUs = ({ headers: { host = '', origin } }: IncomingMessage): boolean =>
  origin === undefined && /^(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?$/i.test(host);

const send = (response: ServerResponse, { status, type, body, headers }: HttpReply, close = false): void => {
  response.writeHead(status, {
    'content-type': type,
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(close ? { connection: 'close' } : {}),
    ...headers,
  });
  response.end(body);
};

/** The whole body, or undefined when it is larger than it may be: the rest is not read then. */
const bodyOf = (request: IncomingMessage, most: number): Promise<Uint8Array | undefined> =>
  new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > most) {
      resolve(undefined);
      return;
    }
    const pieces: Uint8Array[] = [];
    let size = 0;
    request.on('data', (piece: Uint8Array) => {
      size += piece.length;
      if (size > most) {
        request.pause();
        resolve(undefined);
      } else pieces.push(piece);
    });
    request.on('end', () => resolve(new Uint8Array(Buffer.concat(pieces))));
    request.on('error', reject);
  });

const DOCUMENT: Route = { method: 'GET', path: '/openapi.json', handle: () => jsonReply(200, OPENAPI) };

/** Listens on loopback, and nowhere else. */
export const openHttp = async (options: HttpOptions): Promise<HttpServer> => {
  const { port, onFailure } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const routes = [...options.routes, DOCUMENT];
  const answered: Record<number, number> = {};

  const handled = (route: Route, request: IncomingMessage, body: Uint8Array): HttpReply => {
    const { accept = '*/*', 'content-type': type = '' } = request.headers;
    try {
      return route.handle({ accept, contentType: (type.split(';')[0] ?? '').trim().toLowerCase(), body });
    } catch (error) {
      onFailure(error);
      const says = error instanceof Error ? error.message : String(error);
      return problem(500, 'Internal Server Error', `no token: ${says}`);
    }
  };

  /** The reply, and whether the connection ends with it: what was not read would be taken for the next request. */
  const replyTo = async (request: IncomingMessage): Promise<readonly [HttpReply, close: boolean]> => {
    if (!isForUs(request)) {
      return [problem(403, 'Forbidden', 'this server is for programs on this machine, not for web pages'), true];
    }
    const [path = ''] = (request.url ?? '').split('?');
    const here = routes.filter((route) => route.path === path);
    if (here.length === 0) return [problem(404, 'Not Found', 'see /openapi.json for what is here'), true];
    const route = here.find(({ method }) => method === request.method);
    if (route === undefined) {
      const allow = here.map(({ method }) => method).join(', ');
      return [problem(405, 'Method Not Allowed', `takes ${allow}`, { allow }), true];
    }
    const body = await bodyOf(request, limits.bodyBytes);
    if (body === undefined) {
      return [problem(413, 'Content Too Large', `a request has at most ${limits.bodyBytes} bytes`), true];
    }
    return [handled(route, request, body), false];
  };

  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: Math.min(500, limits.headersMs),
    },
    (request, response) => {
      replyTo(request).then(
        ([reply, close]) => {
          answered[reply.status] = (answered[reply.status] ?? 0) + 1;
          send(response, reply, close);
        },
        // The client went away before it had said what it wants.
        () => response.destroy(),
      );
    },
  );
  server.maxConnections = limits.connections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    answered,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

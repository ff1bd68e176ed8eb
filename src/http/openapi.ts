import { TOKEN_PATH } from './token-routes.ts';

const problemOf = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

/** What the server does, as OpenAPI 3.1: served at /openapi.json. */
export const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'swcca serve',
    version: '1',
    description:
      'CCA tokens out of an emulated Arm CCA machine. Every token is simulated: its implementation id starts with SWCCA-SIMULATED-, and no published trust anchor accepts it.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: 'http://127.0.0.1' }],
  paths: {
    [TOKEN_PATH]: {
      post: {
        operationId: 'mintToken',
        summary: 'A fresh machine launches its Realm, whose guest asks for a token that answers the challenge.',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/TokenRequest' } } },
        },
        responses: {
          200: {
            description: 'The token. The same challenge gives the same bytes.',
            headers: {
              Link: { description: 'With application/cbor: keys and endorsements.', schema: { type: 'string' } },
            },
            content: {
              'application/json': { schema: { $ref: '#/components/schemas/TokenResponse' } },
              'application/cbor': { schema: { type: 'string', contentEncoding: 'binary' } },
            },
          },
          400: problemOf('The body is no JSON object, the challenge is none, or there is no such Realm.'),
          403: problemOf('The Host header names another machine, or a web page asks.'),
          405: problemOf('Another method than POST.'),
          406: problemOf('Accept takes neither application/json nor application/cbor.'),
          408: { description: 'The request took too long to arrive.' },
          413: problemOf('The body is larger than 4096 bytes.'),
          415: problemOf('The request is no application/json.'),
          500: problemOf('The machine gave no token, as by a fault plan.'),
        },
      },
    },
    '/{file}': {
      get: {
        operationId: 'getFile',
        summary: 'What belongs to every token: one of the links of a response.',
        parameters: [{ name: 'file', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 200: { description: 'The file.' }, 404: problemOf('There is no such file.') },
      },
    },
    '/openapi.json': {
      get: {
        operationId: 'getDescription',
        summary: 'This document.',
        responses: {
          200: { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: { type: 'object' } } } },
        },
      },
    },
  },
  components: {
    schemas: {
      TokenRequest: {
        type: 'object',
        additionalProperties: false,
        required: ['challenge'],
        properties: {
          challenge: {
            type: 'string',
            description:
              '1 to 64 bytes, hexadecimal or base64url: and base64url; a shorter one is zero-padded at the tail.',
            pattern: '^(([0-9a-fA-F]{2}){1,64}|base64url:[A-Za-z0-9_-]{2,86})$',
          },
          realm: {
            type: 'integer',
            minimum: 0,
            default: 0,
            description: 'The Realm that attests, by its place among those that are served.',
          },
        },
      },
      TokenResponse: {
        type: 'object',
        additionalProperties: false,
        required: ['token', 'challenge', 'dialect', 'origin', 'simulated', 'links'],
        properties: {
          token: { type: 'string', description: 'The CCA token, base64.', pattern: '^[A-Za-z0-9+/]+={0,2}$' },
          challenge: { type: 'string', description: 'As the Realm passed it.', pattern: '^[0-9a-f]{128}$' },
          dialect: { type: 'string' },
          origin: { const: 'rsi', description: 'It came out of a machine, through RMI and RSI calls.' },
          simulated: { const: true },
          links: {
            type: 'object',
            description: 'Where the files that belong to it are.',
            additionalProperties: { type: 'string', pattern: '^/' },
          },
        },
      },
      Problem: {
        type: 'object',
        required: ['status', 'title', 'detail'],
        properties: { status: { type: 'integer' }, title: { type: 'string' }, detail: { type: 'string' } },
      },
    },
  },
} as const;

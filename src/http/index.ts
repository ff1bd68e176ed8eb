/**
 * Tokens over HTTP on loopback, for load tests and for services that want evidence in their own tests.
 *
 * Owns: routes, what a request may be, the OpenAPI document, the server and its limits. Does not own: where a token comes from.
 */
export { OPENAPI } from './openapi.ts';
export { type HttpLimits, type HttpServer, openHttp } from './server.ts';
export { type Minted, type ServedFile, TOKEN_PATH, type TokenService, tokenRoutes } from './token-routes.ts';

import { concatBytes } from '../../src/bytes/index.ts';
import type { Client } from '../../src/response/index.ts';

/**
 * The loops by which known guests fetch a token, written anew from what they do; none of their code is here. They stand on
 * `converse` as any client does: where a guest gives up, its loop throws.
 */
const INIT = 0xc400_0194n;
const CONTINUE = 0xc400_0195n;
const SUCCESS = 0n;
const INCOMPLETE = 3n;
const GRANULE = 4096n;

/** A token that is being asked for: the challenge as eight words, and the page or buffer that the RMM writes to. */
export interface Request {
  readonly challenge: readonly bigint[];
  readonly buffer: bigint;
}

function* begin({ challenge }: Request): Generator<object, bigint, { readonly x: readonly bigint[] }> {
  const { x } = yield { smc: [INIT, ...challenge] };
  const [status, bound = 0n] = x;
  // Both guests hold the bound in a signed number.
  if (status !== SUCCESS) throw new Error(`INIT answered ${status}`);
  return BigInt.asIntN(64, bound);
}

/**
 * Fetches into the granule at `page` until it is full or the token is there: what both guests do. Like theirs it trusts
 * the length that it is told.
 */
function* fill(page: bigint): Generator<object, { status: bigint; filled: bigint }, { readonly x: readonly bigint[] }> {
  let filled = 0n;
  let status = INCOMPLETE;
  do {
    const { x } = yield { smc: [CONTINUE, page, filled, BigInt.asUintN(64, GRANULE - filled)] };
    status = x[0] ?? 0n;
    filled = BigInt.asUintN(64, filled + (x[1] ?? 0n));
  } while (status === INCOMPLETE && filled < GRANULE);
  return { status, filled };
}

function* read(ipa: bigint, length: bigint): Client<Uint8Array> {
  const { bytes } = yield { access: 'read', ipa, length: Number(length) };
  if (bytes === undefined) throw new TypeError(`${length} bytes at ${ipa} are not all memory`);
  return bytes;
}

/**
 * Linux, drivers/virt/coco/arm-cca-guest: one bounce page, copied out when it is full. A token that turns out longer than
 * the bound is cut short, with a warning, and the report succeeds.
 *
 * @param edge what it does when the page is full and the answer is INCOMPLETE: `goes-on` since the change titled "fix
 *   RSI_INCOMPLETE handling" of 2026; before that it `fails`.
 */
export function* linuxDriver(request: Request, edge: 'goes-on' | 'fails'): Client<Uint8Array> {
  const bound = yield* begin(request);
  if (bound <= 0n) throw new Error('EINVAL');
  let token: Uint8Array = new Uint8Array();
  for (;;) {
    const { status, filled } = yield* fill(request.buffer);
    if (status !== SUCCESS && (status !== INCOMPLETE || edge === 'fails')) throw new Error('ENXIO');
    if (BigInt(token.length) + filled > bound) return token;
    token = concatBytes(token, yield* read(request.buffer, filled));
    if (status === SUCCESS) return token;
  }
}

/** tf-a-tests, realm/realm_attestation.c: into its own buffer, granule after granule, as far as the bound reaches. */
export function* tfTests(request: Request, bufferSize: bigint): Client<Uint8Array> {
  const bound = yield* begin(request);
  if (BigInt.asUintN(64, bound) > bufferSize) throw new Error('the buffer is not large enough');
  let length = 0n;
  for (let granule = request.buffer; granule < request.buffer + bound; granule += GRANULE) {
    const { status, filled } = yield* fill(granule);
    length += filled;
    if (status === SUCCESS) return yield* read(request.buffer, length);
    if (status !== INCOMPLETE) throw new Error(`CONTINUE answered ${status}`);
  }
  throw new Error('the buffer is full and the token is not there');
}

/** The same file in 2024: one loop, which gives the size of the whole buffer whatever the offset is. */
export function* earlierTfTests(request: Request, bufferSize: bigint): Client<Uint8Array> {
  const bound = yield* begin(request);
  if (BigInt.asUintN(64, bound) > bufferSize) throw new Error('the buffer is not large enough');
  for (let offset = 0n; ; ) {
    const { x } = yield { smc: [CONTINUE, request.buffer, offset, bufferSize] };
    const [status, length = 0n] = x;
    if (status !== SUCCESS && status !== INCOMPLETE) throw new Error(`CONTINUE answered ${status}`);
    offset += length;
    if (status === SUCCESS) return yield* read(request.buffer, offset);
  }
}

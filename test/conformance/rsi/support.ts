import { GRANULE, type World } from '../language/world.ts';

/** A page of RAM that the Realm of the row owns, and the first Unprotected IPA. */
export const PAGE = 0x1_0000n;
export { GRANULE };

/** A Realm with a page of RAM, whose only REC runs on PE 0. */
export const running = (w: World, shape: Parameters<World['realm']>[0] = {}) => {
  const realm = w.realm(shape);
  const data = realm.data(PAGE);
  const rec = realm.start();
  return { realm, rec, data };
};

/** Bytes as doublewords of registers. */
export const doublewords = (bytes: Uint8Array): bigint[] => {
  const whole = new Uint8Array(Math.ceil(bytes.length / 8) * 8);
  whole.set(bytes);
  return [...new BigUint64Array(whole.buffer)];
};

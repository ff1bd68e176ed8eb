/** Labels of the collection (token 1), read here apart from what writes them. */
const PLATFORM = 44234;
const REALM = 44241;

/**
 * What a replay takes from the library, from its rooms as they are loaded: built, or as sources.
 *
 * @param {import('./observed.d.mts').Rooms} rooms
 * @returns {import('./observed.d.mts').ObservedLibrary}
 */
export const observedLibrary = ({ abi, bytes, cbor, cose, hes, machine, rmm }, crypto) => ({
  RMM_1_0: rmm.RMM_1_0,
  RmiRealmParams: abi.RmiRealmParams,
  RmiRecParams: abi.RmiRecParams,
  RmiRecEnter: abi.RmiRecEnter,
  RmiRecExit: abi.RmiRecExit,
  decodeFeatureRegister0: abi.decodeFeatureRegister0,
  decodeRmiResult: abi.decodeRmiResult,
  decodeRsiStatus: abi.decodeRsiStatus,
  toHex: bytes.toHex,
  padEnd: bytes.padEnd,
  concatBytes: bytes.concatBytes,
  toDoublewords: bytes.toDoublewords,
  DEFAULT_PROFILE: machine.DEFAULT_PROFILE,
  profileProblems: machine.profileProblems,
  staticHes: (files) => hes.createStaticHes({ crypto, files }),
  sha384: (message) => crypto.hash('sha-384').digest(message),

  splitToken(token) {
    const outer = cbor.decode(token);
    if (!outer.ok) return undefined;
    const collection = cbor.toValue(outer.item);
    if (!(collection instanceof cbor.Tagged) || !(collection.content instanceof Map)) return undefined;
    const [platformToken, realmToken] = [PLATFORM, REALM].map((label) => collection.content.get(label));
    if (!(platformToken instanceof Uint8Array) || !(realmToken instanceof Uint8Array)) return undefined;
    const sign1 = cose.decodeSign1(realmToken);
    if (!sign1.ok) return undefined;
    const { protectedBytes, payload, signature } = sign1.value;
    const toBeSigned = cose.sigStructure(protectedBytes, payload);
    const claims = cbor.decode(payload);
    return {
      platformToken,
      realmToken,
      protected: protectedBytes,
      payload,
      claims: claims.ok && claims.item.type === 'map' ? cbor.toValue(claims.item) : new Map(),
      toBeSigned,
      signature,
    };
  },

  verifies: ({ toBeSigned, signature }, key) => crypto.verify('ES384', key, toBeSigned, signature),
});

/** Tags and labels that this room acts on, from the drafts and RFC 9052. What only has a name stands in `names.ts`. */
export const TAG = { mac0: 17, sign1: 18, sign: 98, collection: 399, cmw: 907, selfDescribed: 55799 } as const;
export const ENTRY = { platform: 44234, realm: 44241, realmClaims: 44251, devices: 44258 } as const;
export const PROFILE = 265;
export const PLATFORM = {
  challenge: 10,
  lifecycle: 2395,
  implementationId: 2396,
  components: 2399,
  workloadBinding: 2408,
} as const;
export const REALM = { rak: 44237, rim: 44238, rems: 44239, mecPolicy: 44243, lfaPolicy: 44244 } as const;
export const DEVICES = 44259;
export const HEADER_ALG = 1;
export const COSE_KEY = { kty: 1, alg: 3, crv: -1, x: -2 } as const;

/**
 * The sample platform key that Arm's reference firmware, its verifiers and their test data share, as published in
 * confidential-containers/trustee: deps/verifier/test_data/cca/cpak-pub.json. Nothing of ours is signed with it.
 */
export const publishedAnchor = {
  kty: 'EC',
  crv: 'P-384',
  x: 'IShnxS4rlQiwpCCpBWDzlNLfqiG911FP8akBr-fh94uxHU5m-Kijivp2r2oxxN6M',
  y: 'hM4tr8mWQli1P61xh3T0ViDREbF26DGOEYfbAjWjGNN7pZf-6A4OTHYqEryz6m7U',
} as const;

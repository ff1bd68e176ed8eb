/**
 * Platform keys that verifiers, firmware and their test data publish, and that somebody may have left in a trust store.
 * Nothing of ours is signed with one of them.
 */
export const PUBLISHED_ANCHORS = [
  {
    /** Arm's reference firmware, its verifiers and their test data share it. */
    source: 'confidential-containers/trustee: deps/verifier/test_data/cca/cpak-pub.json',
    key: {
      kty: 'EC',
      crv: 'P-384',
      x: 'IShnxS4rlQiwpCCpBWDzlNLfqiG911FP8akBr-fh94uxHU5m-Kijivp2r2oxxN6M',
      y: 'hM4tr8mWQli1P61xh3T0ViDREbF26DGOEYfbAjWjGNN7pZf-6A4OTHYqEryz6m7U',
    },
  },
  {
    source: 'veraison/services: end-to-end/input/ec-p256.jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
      y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
    },
  },
  {
    source: 'veraison/rust-ccatoken: testdata/ta.json',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: 'TKRFE_RwSXooI8DdatPOYg_uiKm2XrtT_uEMEvqQZrw',
      y: 'CRx3H8NHN1lcxqKi92P0OsZBxX3VFaktllpD3SjtN7s',
    },
  },
  {
    source: 'veraison/corim: profiles/cca/testcases/src/cca-platform-valid.yaml',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: 'W1BvqF-_ry8BWa7ZEMU1xYYHEQ8BlLT4MFHOaO-ICTs',
      y: 'SL6xHhKa_7H0wD-uh9oQh3W-RxFyrUSqHekC3DizwNU',
    },
  },
  {
    source: 'TrustedFirmware-M/trusted-firmware-m: platform/ext/common/template/tfm_initial_attestation_key.pem',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: 'eeupDov0UKZ1FXatRZmwet-TjaO7C9F9ADbtSaLQ_D8',
      y: 'v836iVa1aL_bhnPmSNi1jZKZVbFKJsMIDzQRfZcdaGQ',
    },
  },
] as const;

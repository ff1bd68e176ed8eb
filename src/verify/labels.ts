/** Tags of the collection: entries are byte strings under 399, CMW records under 907. */
export const WRAPPER_TAGS = { collection: 399, cmw: 907 } as const;

/** The tag that only says that CBOR follows (RFC 8949 3.4.6). */
export const SELF_DESCRIBED_TAG = 55799;

/** CoAP content formats of the records under tag 907. */
export const CONTENT_FORMATS = { eat_cwt: 263, uccs_cbor: 601 } as const;

/**
 * Every label this verifier knows, by what it labels. Written from the drafts, apart from the labels of whatever makes
 * tokens, so that a test can compare the two.
 */
export const VERIFY_CLAIM_LABELS = {
  collection: {
    platform: 44234,
    realm: 44241,
    realm_claims: 44251,
    devices: 44258,
  },
  platform: {
    challenge: 10,
    instance_id: 256,
    profile: 265,
    client_id: 2394,
    lifecycle: 2395,
    implementation_id: 2396,
    sw_components: 2399,
    verification_service: 2400,
    config: 2401,
    hash_algo_id: 2402,
    manufacturing_config: 2403,
    extension: 2404,
    tbb_rotpk: 2405,
    peer_signers: 2406,
    tpm_binding: 2407,
    workload_binding: 2408,
  },
  component: {
    component_type: 1,
    measurement_value: 2,
    reserved: 3,
    version: 4,
    signer_id: 5,
    hash_algo_id: 6,
    live_activation: 7,
    countersigner_ids: 8,
  },
  realm: {
    challenge: 10,
    instance_id: 256,
    profile: 265,
    personalization_value: 44235,
    hash_algo_id: 44236,
    public_key: 44237,
    initial_measurement: 44238,
    extensible_measurements: 44239,
    public_key_hash_algo_id: 44240,
    mec_policy: 44243,
    lfa_policy: 44244,
    devices_hash: 44257,
  },
  device_token: {
    profile: 265,
    devices: 44259,
  },
} as const;

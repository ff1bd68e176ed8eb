/** The eight claims of a trustworthiness vector, as EAR spells them (draft-ietf-rats-ar4si 2.3). */
export const TRUST_CLAIMS = [
  'instance-identity',
  'configuration',
  'executables',
  'file-system',
  'hardware',
  'runtime-opaque',
  'storage-opaque',
  'sourced-data',
] as const;
export type TrustClaim = (typeof TRUST_CLAIMS)[number];

export type TrustVector = Readonly<Record<TrustClaim, number>>;

/** What values of any claim mean. */
export const ANY = { malfunction: -1, noClaim: 0, unexpected: 1, cryptoFailed: 99 } as const;

/** What values of a claim mean (draft-ietf-rats-ar4si 2.3.4). */
export const VALUE_OF = {
  'instance-identity': { trustworthy: 2, untrustworthy: 96, unrecognised: 97 },
  configuration: { approved: 2, noKnownVulnerabilities: 3, unsafe: 32, unavailable: 36, unsupportable: 96 },
  executables: { approvedRuntime: 2, approvedBoot: 3, unsafe: 32, unrecognised: 33, contraindicated: 96 },
  hardware: { genuine: 2, unsafe: 32, contraindicated: 96, unrecognised: 97 },
  'runtime-opaque': { encrypted: 2, isolated: 32, visible: 96 },
  'storage-opaque': { hardwareKeys: 2, softwareKeys: 32, unencrypted: 96 },
} as const satisfies Partial<Record<TrustClaim, Readonly<Record<string, number>>>>;

/** Tiers, from the best to the worst. */
export const TIERS = ['none', 'affirming', 'warning', 'contraindicated'] as const;
export type Tier = (typeof TIERS)[number];

/** The tier of one value (draft-ietf-rats-ar4si 2.3.2). */
export const tierOf = (value: number): Tier => {
  if (value >= -1 && value <= 1) return 'none';
  if (value >= -32 && value <= 31) return 'affirming';
  return value >= -96 && value <= 95 ? 'warning' : 'contraindicated';
};

/** The status of a vector: the worst tier of its values. */
export const statusOf = (vector: TrustVector): Tier =>
  TIERS[Math.max(...Object.values(vector).map((value) => TIERS.indexOf(tierOf(value))))] ?? 'none';

export const vectorOf = (claims: Partial<TrustVector>): TrustVector => ({
  'instance-identity': ANY.noClaim,
  configuration: ANY.noClaim,
  executables: ANY.noClaim,
  'file-system': ANY.noClaim,
  hardware: ANY.noClaim,
  'runtime-opaque': ANY.noClaim,
  'storage-opaque': ANY.noClaim,
  'sourced-data': ANY.noClaim,
  ...claims,
});

/** The same value for every claim. */
export const allOf = (value: number): TrustVector =>
  vectorOf(Object.fromEntries(TRUST_CLAIMS.map((claim) => [claim, value])));

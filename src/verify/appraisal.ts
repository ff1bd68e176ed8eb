import { describeFinding, FINDINGS, type Finding, type FindingCode } from './findings.ts';
import { VERIFY_CLAIM_LABELS } from './labels.ts';
import { lifecycleStateOf } from './lifecycle.ts';
import type { ReferenceValues } from './reference.ts';
import type { Report } from './report.ts';
import {
  ANY,
  allOf,
  statusOf,
  type Tier,
  type TrustClaim,
  type TrustVector,
  VALUE_OF,
  vectorOf,
} from './trust-vector.ts';

/** Submodules of a result as Veraison names them; the last stands for both when nothing could be appraised. */
export const SUBMODS = { platform: 'CCA_SSD_PLATFORM', realm: 'CCA_REALM', whole: 'ARM_CCA' } as const;
export type SubmodName = (typeof SUBMODS)[keyof typeof SUBMODS];

/** What is thought of one attester. */
export interface Appraisal {
  readonly status: Tier;
  readonly vector: TrustVector;
  /** Why a claim has its value: one sentence for each about which there is something to say. */
  readonly reasons: Readonly<Partial<Record<TrustClaim, string>>>;
  /** Why there was no appraisal at all. */
  readonly problem?: string;
}

/** One appraisal for each part of the token, or one for the whole when it is not to be believed. */
export type AttestationResult = Readonly<Partial<Record<SubmodName, Appraisal>>>;

/** A value of a claim, and why it has it. */
type Judged = readonly [value: number, reason: string];
type JudgedClaims = Readonly<Partial<Record<TrustClaim, Judged>>>;

const appraisalOf = (judged: JudgedClaims): Appraisal => {
  const entries = Object.entries(judged) as readonly (readonly [TrustClaim, Judged])[];
  const vector = vectorOf(Object.fromEntries(entries.map(([claim, [value]]) => [claim, value])));
  return {
    status: statusOf(vector),
    vector,
    reasons: Object.fromEntries(entries.map(([claim, [, reason]]) => [claim, reason])),
  };
};

const rejected = (problem: string): AttestationResult => {
  const vector = allOf(ANY.cryptoFailed);
  return { [SUBMODS.whole]: { status: statusOf(vector), vector, reasons: {}, problem } };
};

/** Checks that lower single claims; any other that fails leaves nothing to appraise. */
const LOWERING: readonly string[] = ['lifecycle', 'reference', 'policy'];

const errors = ({ findings }: Report): readonly Finding[] => findings.filter(({ severity }) => severity === 'error');

const firstOf = (report: Report, ...codes: readonly FindingCode[]): Finding | undefined =>
  errors(report).find(({ code }) => codes.includes(code));

/** A reference that could not be compared lies at the path of its claim, or below. */
const uncheckedAt = (report: Report, path: string): Finding | undefined =>
  errors(report).find(({ code, path: at }) => code === 'REFERENCE_UNCHECKED' && `${at}/`.startsWith(`${path}/`));

const PLATFORM_LABEL = VERIFY_CLAIM_LABELS.platform;
const REALM_LABEL = VERIFY_CLAIM_LABELS.realm;

const lifecycleClaims = (report: Report): JudgedClaims => {
  const { lifecycle = 0 } = report.claims.platform ?? {};
  const said = `the lifecycle is 0x${lifecycle.toString(16)} (${lifecycleStateOf(lifecycle) ?? 'undefined'})`;
  if (firstOf(report, 'LIFECYCLE_REFUSED') === undefined) {
    return {
      'instance-identity': [
        VALUE_OF['instance-identity'].trustworthy,
        `the token is signed by this instance, and ${said}`,
      ],
      'runtime-opaque': [VALUE_OF['runtime-opaque'].encrypted, said],
      'storage-opaque': [VALUE_OF['storage-opaque'].hardwareKeys, said],
    };
  }
  return {
    'instance-identity': [VALUE_OF['instance-identity'].untrustworthy, said],
    'runtime-opaque': [VALUE_OF['runtime-opaque'].visible, said],
    'storage-opaque': [VALUE_OF['storage-opaque'].unencrypted, said],
  };
};

const identity = (report: Report): JudgedClaims => {
  const other = firstOf(report, 'INSTANCE_ID_MISMATCH', 'IMPLEMENTATION_ID_MISMATCH');
  if (other !== undefined) {
    return { 'instance-identity': [VALUE_OF['instance-identity'].unrecognised, describeFinding(other)] };
  }
  const notOfKey = firstOf(report, 'INSTANCE_ID_NOT_OF_KEY', 'ENCODING_NOT_SHORTEST');
  return notOfKey === undefined
    ? {}
    : { 'instance-identity': [VALUE_OF['instance-identity'].untrustworthy, describeFinding(notOfKey)] };
};

const configuration = (report: Report, reference: ReferenceValues): Judged => {
  const { approved, unsafe } = VALUE_OF.configuration;
  const wrong =
    firstOf(report, 'CONFIG_MISMATCH', 'CONFIG_DEBUG') ?? uncheckedAt(report, `platform/${PLATFORM_LABEL.config}`);
  if (wrong !== undefined) return [unsafe, describeFinding(wrong)];
  return reference.config === undefined
    ? [ANY.noClaim, 'there is no reference for the configuration']
    : [approved, 'the configuration is the reference value'];
};

const COMPONENT_CODES = ['COMPONENT_MISMATCH', 'COMPONENT_ABSENT', 'COMPONENT_UNEXPECTED'] as const;

const firmware = (report: Report, reference: ReferenceValues): Judged => {
  const { approvedRuntime, unrecognised } = VALUE_OF.executables;
  const wrong = firstOf(report, ...COMPONENT_CODES) ?? uncheckedAt(report, `platform/${PLATFORM_LABEL.sw_components}`);
  if (wrong !== undefined) return [unrecognised, describeFinding(wrong)];
  return reference.components === undefined
    ? [ANY.noClaim, 'there are no references for software components']
    : [approvedRuntime, `all ${reference.components.length} software components are their reference values`];
};

const realmExecutables = (report: Report, { rim, rems }: ReferenceValues): Judged => {
  const { approvedRuntime, approvedBoot, unrecognised, contraindicated } = VALUE_OF.executables;
  const otherRealm = firstOf(report, 'RIM_MISMATCH') ?? uncheckedAt(report, `realm/${REALM_LABEL.initial_measurement}`);
  if (otherRealm !== undefined) return [unrecognised, describeFinding(otherRealm)];
  const otherPurpose =
    firstOf(report, 'RPV_MISMATCH') ?? uncheckedAt(report, `realm/${REALM_LABEL.personalization_value}`);
  if (otherPurpose !== undefined) return [contraindicated, describeFinding(otherPurpose)];
  // Veraison says 3 here, approved at boot, which affirms; a token that does not meet its references affirms nothing.
  const grown = firstOf(report, 'REM_MISMATCH') ?? uncheckedAt(report, `realm/${REALM_LABEL.extensible_measurements}`);
  if (grown !== undefined) return [unrecognised, describeFinding(grown)];
  if (rim === undefined) return [ANY.noClaim, 'there is no reference for the initial measurement'];
  return rems?.some((rem) => rem !== null) === true
    ? [approvedRuntime, 'initial and extensible measurements are their reference values']
    : [approvedBoot, 'the initial measurement is the reference value; extensible measurements have none'];
};

/**
 * What a report comes to as trustworthiness vectors (AR4SI): a value for each claim, and a reason for each value.
 *
 * Names and values are those that Veraison's scheme ARM_CCA gives (verifiers 4), but for two, where it affirms what this
 * verifier refuses: debug of the Realm security domain is not secured, and a REM that differs is not recognised.
 *
 * @param reference  the values that the token was compared with.
 */
export const appraise = (report: Report, reference: ReferenceValues = {}): AttestationResult => {
  const fatal = errors(report).find(({ code }) => !LOWERING.includes(FINDINGS[code].check));
  if (fatal !== undefined) return rejected(describeFinding(fatal));
  const platform = appraisalOf({
    hardware: [VALUE_OF.hardware.genuine, 'the platform token is signed by the platform attestation key'],
    ...lifecycleClaims(report),
    ...identity(report),
    configuration: configuration(report, reference),
    executables: firmware(report, reference),
  });
  if (report.kind !== 'cca') return { [SUBMODS.platform]: platform };
  const realm = appraisalOf({
    'instance-identity': [
      VALUE_OF['instance-identity'].trustworthy,
      'the Realm token is signed by the key that the platform token binds',
    ],
    executables: realmExecutables(report, reference),
  });
  return { [SUBMODS.platform]: platform, [SUBMODS.realm]: realm };
};

/** The result as lines of text: each submodule, each claim about which something is said. */
export const appraisalLines = (result: AttestationResult): readonly string[] =>
  Object.entries(result).flatMap(([name, { status, vector, reasons, problem }]) => [
    `${name}: ${status}${problem === undefined ? '' : `: ${problem}`}`,
    ...Object.entries(reasons).map(
      ([claim, reason]) => `  ${claim.padEnd(17)} ${String(vector[claim as TrustClaim]).padStart(3)}  ${reason}`,
    ),
  ]);

import { FINDINGS, type FindingCode } from './findings.ts';
import {
  array,
  boolean,
  count,
  type JsonResult,
  type JsonShape,
  object,
  oneOfStrings,
  optional,
  parseJson,
  string,
  version,
} from './json.ts';
import { LIFECYCLE_STATE_NAMES, type LifecycleState, lifecycleStateOf } from './lifecycle.ts';
import type { Ruling } from './report.ts';

const FORMAT_VERSION = 1;
const LIFECYCLE_MAX = 0xffff;

/** Values of the lifecycle, both ends included. */
export interface LifecycleRange {
  readonly from: number;
  readonly to: number;
}

/** Rules that a verifier may add and no document asks for. */
export const POLICY_RULES = {
  'shortest-encoding': 'every CBOR head is as short as it can be',
  'instance-id-hashes-key': 'the instance identifier is 0x01 and the SHA-256 of the COSE_Key of the platform key',
  'config-debug-off': 'the configuration is the map {1: debug bits} of an RSE, with all bits zero',
} as const;
export type PolicyRule = keyof typeof POLICY_RULES;

/** Codes that a policy may rule on: the warnings. */
export type PolicyCode = {
  [K in FindingCode]: (typeof FINDINGS)[K]['severity'] extends 'warning' ? K : never;
}[FindingCode];

/** What its user decides differently from the documents. What is not given stays as it is. */
export interface Policy {
  /** States or ranges that are allowed, in place of `secured` alone. Values in no defined range are refused whatever is said. */
  readonly lifecycle?: readonly (LifecycleState | LifecycleRange)[];
  /** What becomes of single warnings. */
  readonly warnings?: Readonly<Partial<Record<PolicyCode, Ruling>>>;
  readonly require?: readonly PolicyRule[];
  /** Whether any warning refuses. */
  readonly strict?: boolean;
}

const POLICY_CODES = (Object.keys(FINDINGS) as FindingCode[]).filter(
  (code): code is PolicyCode => FINDINGS[code].severity === 'warning',
);

const range = object({ from: count(LIFECYCLE_MAX), to: count(LIFECYCLE_MAX) });
const stateName = oneOfStrings(...LIFECYCLE_STATE_NAMES);
const lifecycleItem: JsonShape<LifecycleState | LifecycleRange> = {
  read: (value, path) => (typeof value === 'string' ? stateName.read(value, path) : range.read(value, path)),
};

const ruling = oneOfStrings('ignore', 'warn', 'refuse');
const warnings = object(
  Object.fromEntries(POLICY_CODES.map((code) => [code, optional(ruling)])) as Record<
    PolicyCode,
    ReturnType<typeof optional<Ruling>>
  >,
);

const policy = object({
  $schema: optional(string),
  version: version(FORMAT_VERSION),
  lifecycle: optional(array(lifecycleItem, { min: 1, max: 64 })),
  warnings: optional(warnings),
  require: optional(array(oneOfStrings(...(Object.keys(POLICY_RULES) as PolicyRule[])), { max: 16 })),
  strict: optional(boolean),
});

/** Reads a policy from JSON text (docs/schemas/policy.schema.json). Total; an error names the member. */
export const parsePolicy = (json: string): JsonResult<Policy> => {
  const parsed = parseJson(json, policy);
  if (!parsed.ok) return parsed;
  const { $schema: _schema, version: _version, ...rest } = parsed.value;
  return { ok: true, value: rest };
};

/** Only a secured platform is good without a policy that says otherwise. */
const DEFAULT_LIFECYCLE: readonly LifecycleState[] = ['secured'];

export const isLifecycleAllowed = (value: number, { lifecycle = DEFAULT_LIFECYCLE }: Policy): boolean =>
  lifecycle.some((allowed) =>
    typeof allowed === 'string' ? lifecycleStateOf(value) === allowed : value >= allowed.from && value <= allowed.to,
  );

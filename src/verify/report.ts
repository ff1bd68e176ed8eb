import { toHex } from '../bytes/index.ts';
import {
  CHECKS,
  type CheckName,
  describeFinding,
  FINDINGS,
  type Finding,
  type FindingCode,
  type Tell,
} from './findings.ts';
import type { PlatformClaims } from './platform-claims.ts';
import type { RealmClaims } from './realm-claims.ts';
import type { TokenKind } from './wrapper.ts';

/** One question of the verifier and what came of it. */
export interface Check {
  readonly name: CheckName;
  readonly outcome: 'passed' | 'failed' | 'not-done';
  /** Why it was not done. */
  readonly reason?: string;
}

export interface Report {
  readonly accepted: boolean;
  /** Whether the bytes can be recognised as a token at all, if a broken one. */
  readonly readable: boolean;
  readonly kind: TokenKind;
  readonly strict: boolean;
  /** In the order in which they were found. */
  readonly findings: readonly Finding[];
  readonly checks: readonly Check[];
  /** The claims that are there and have the right type and size. A refused token's are nobody's statement. */
  readonly claims: { readonly platform?: PlatformClaims; readonly realm?: RealmClaims };
}

/** More of one severity than anybody reads: what comes after is counted and not kept. */
const MAX_FINDINGS = 100;

/** What a policy makes of a warning. */
export type Ruling = 'ignore' | 'warn' | 'refuse';

/** Gathers findings and outcomes while a token is judged. */
export class Ledger {
  readonly findings: Finding[] = [];
  readonly #notDone = new Map<CheckName, string>();
  readonly #rulings: Readonly<Partial<Record<FindingCode, Ruling>>>;
  readonly #failed = new Set<CheckName>();
  readonly #counts = { error: 0, warning: 0 };

  constructor(rulings: Readonly<Partial<Record<FindingCode, Ruling>>> = {}) {
    this.#rulings = rulings;
  }

  readonly tell: Tell = (code, path, detail = {}) => {
    const { severity: own } = FINDINGS[code];
    const ruling = own === 'warning' ? this.#rulings[code] : undefined;
    if (ruling === 'ignore') return;
    const severity = ruling === 'refuse' ? 'error' : own;
    if (severity === 'error') this.#failed.add(checkOf(code, path));
    this.#counts[severity] += 1;
    if (this.#counts[severity] <= MAX_FINDINGS) this.findings.push({ code, path, severity, detail });
  };

  notDone(check: CheckName, reason: string): void {
    this.#notDone.set(check, reason);
  }

  isDone(check: CheckName): boolean {
    return !this.#notDone.has(check);
  }

  accepted(strict: boolean): boolean {
    return this.#failed.size === 0 && !(strict && this.#counts.warning > 0);
  }

  checks(): readonly Check[] {
    return (Object.keys(CHECKS) as CheckName[]).map((name) => {
      const reason = this.#notDone.get(name);
      if (this.#failed.has(name)) return { name, outcome: 'failed', ...(reason === undefined ? {} : { reason }) };
      return reason === undefined ? { name, outcome: 'passed' } : { name, outcome: 'not-done', reason };
    });
  }
}

/** Codes about claims serve all three sets: the path says whose claim it is. */
const checkOf = (code: FindingCode, path: string): CheckName => {
  const { check } = FINDINGS[code];
  if (check !== 'platform_claims') return check;
  if (path.startsWith('realm')) return 'realm_claims';
  return path.startsWith('devices') ? 'devices' : check;
};

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const toJson = (value: unknown): Json => {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, toJson(each)]));
};

/** The report as plain JSON: byte strings in hexadecimal, each finding with its sentence. */
export const reportToJson = (report: Report): Json =>
  toJson({
    ...report,
    findings: report.findings.map((finding) => ({ ...finding, says: FINDINGS[finding.code].says })),
  });

/** The report as lines of text: the verdict, the checks, the findings. */
export const reportLines = (report: Report): readonly string[] => [
  `${report.accepted ? 'accepted' : 'refused'}: ${report.kind} token${report.strict ? ' (strict)' : ''}`,
  ...report.checks.map(
    ({ name, outcome, reason }) => `  ${outcome.padEnd(9)} ${name}${reason === undefined ? '' : `: ${reason}`}`,
  ),
  ...report.findings.map((finding) => `${finding.severity} ${finding.code} ${describeFinding(finding)}`),
];

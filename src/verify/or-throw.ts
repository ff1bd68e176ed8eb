import { Bug } from '../bytes/index.ts';
import { describeFinding, type Finding, type FindingCode } from './findings.ts';
import type { Report } from './report.ts';
import { type VerifyOptions, verifyToken } from './verify.ts';

/** What `verifyTokenOrThrow` throws: the first finding that refused the token, and the report with all of them. */
export class VerifyError extends Error {
  override readonly name = 'VerifyError';
  readonly code: FindingCode;
  readonly path: string;
  readonly detail: Finding['detail'];
  readonly report: Report;

  constructor(finding: Finding, report: Report) {
    super(describeFinding(finding));
    this.code = finding.code;
    this.path = finding.path;
    this.detail = finding.detail;
    this.report = report;
  }
}

/** As `verifyToken`, for callers who go on only with an accepted token. */
export const verifyTokenOrThrow = (bytes: Uint8Array, options: VerifyOptions): Report => {
  const report = verifyToken(bytes, options);
  if (report.accepted) return report;
  const [first] = report.findings;
  const refusing = report.findings.find(({ severity }) => severity === 'error') ?? first;
  if (refusing === undefined) throw new Bug('a refusal without a finding');
  throw new VerifyError(refusing, report);
};

import { nodeCrypto } from '../../crypto/node.ts';
import {
  appraisalLines,
  appraise,
  describeFinding,
  type JsonResult,
  parsePolicy,
  type ReferenceValues,
  type Report,
  reportLines,
  reportToJson,
  type VerifyOptions,
  verifyToken,
} from '../../verify/index.ts';
import type { CallOf } from '../command.ts';
import type { verify } from '../commands/verify.ts';
import { badCommandLine, badInput, EXIT, type ExitCode } from '../exit.ts';
import { readKey } from '../io/key.ts';
import { INPUTS, inputName, readText } from '../io/read.ts';
import { readReference, readTrustAnchor } from '../io/reference.ts';
import { oneLine, type Terminal } from '../io/terminal.ts';
import { readToken } from '../io/token.ts';
import { writeOutput } from '../io/write.ts';
import { readChallenge } from '../options/challenge.ts';

const readJson = async <T>(path: string, what: string, parse: (text: string) => JsonResult<T>): Promise<T> => {
  const parsed = parse(await readText(path, { ...INPUTS.text, what }));
  if (!parsed.ok) throw badInput(`${inputName(path)}: ${parsed.error}`);
  return parsed.value;
};

const optionsOf = async ({ values, terminal }: CallOf<typeof verify>): Promise<VerifyOptions> => {
  const { key, challenge, reference, policy, strict, 'corim-key': corimKey } = values;
  const signer = corimKey === undefined ? undefined : await readKey(corimKey);
  const note = (text: string): void => terminal.note(text);
  return {
    crypto: nodeCrypto,
    strict,
    ...(key === undefined ? {} : { key: await readTrustAnchor(key, signer, note) }),
    ...(challenge === undefined ? {} : { challenge: await readChallenge(challenge, note) }),
    ...(reference.length === 0 ? {} : { reference: await readReference(reference, signer, note) }),
    ...(policy === undefined ? {} : { policy: await readJson(policy, 'a policy', parsePolicy) }),
  };
};

const printReport = (report: Report, { paint, print }: Terminal): void => {
  // Words out of the token must not drive the terminal.
  const [verdict = '', ...rest] = reportLines(report).map(oneLine);
  print(paint.bold(report.accepted ? paint.green(verdict) : paint.red(verdict)));
  for (const line of rest) print(line);
};

/** The values that the token was compared with: of several sets of them the one that was meant. */
const comparedWith = (reference: VerifyOptions['reference'], { claims }: Report): ReferenceValues | undefined =>
  typeof reference === 'function' ? reference(claims) : reference;

export const runVerify = async (call: CallOf<typeof verify>): Promise<ExitCode> => {
  const { values, operands, terminal } = call;
  const { ear, json } = values;
  const [file = '-'] = operands;
  if (values['ear-key'] !== undefined && ear === undefined) throw badCommandLine('--ear-key is of use with --ear only');
  if (ear === '-' && json) throw badCommandLine('--json needs standard output for itself');
  const options = await optionsOf(call);
  const report = verifyToken(await readToken(file), options);
  const [finding] = report.findings;
  if (!report.readable) throw badInput(`${inputName(file)}: ${finding ? describeFinding(finding) : 'is not a token'}`);
  const reference = comparedWith(options.reference, report);
  const appraisal = reference === undefined && ear === undefined ? undefined : appraise(report, reference);
  if (ear !== undefined && appraisal !== undefined) {
    const { earToken } = await import('../ear.ts');
    const token = await earToken(appraisal, report, { nonce: options.challenge, keyFile: values['ear-key'] });
    if (ear === '-') terminal.print(token);
    else writeOutput(ear, `${token}\n`);
  }
  if (json) terminal.json({ ...(reportToJson(report) as object), ...(appraisal === undefined ? {} : { appraisal }) });
  else if (ear !== '-') {
    printReport(report, terminal);
    for (const line of appraisal === undefined ? [] : appraisalLines(appraisal)) terminal.print(oneLine(line));
  }
  return report.accepted ? EXIT.ok : EXIT.no;
};

import { nodeCrypto } from '../../crypto/node.ts';
import {
  describeFinding,
  type JsonResult,
  parsePolicy,
  type Report,
  reportLines,
  reportToJson,
  type VerifyOptions,
  verifyToken,
} from '../../verify/index.ts';
import type { CallOf } from '../command.ts';
import type { verify } from '../commands/verify.ts';
import { badInput, EXIT, type ExitCode } from '../exit.ts';
import { readKey } from '../io/key.ts';
import { INPUTS, inputName, readText } from '../io/read.ts';
import { readReference, readTrustAnchor } from '../io/reference.ts';
import { oneLine, type Terminal } from '../io/terminal.ts';
import { readToken } from '../io/token.ts';
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

export const runVerify = async (call: CallOf<typeof verify>): Promise<ExitCode> => {
  const { values, operands, terminal } = call;
  const [file = '-'] = operands;
  const options = await optionsOf(call);
  const report = verifyToken(await readToken(file), options);
  const [finding] = report.findings;
  if (!report.readable) throw badInput(`${inputName(file)}: ${finding ? describeFinding(finding) : 'is not a token'}`);
  if (values.json) terminal.json(reportToJson(report));
  else printReport(report, terminal);
  return report.accepted ? EXIT.ok : EXIT.no;
};

import { nodeCrypto } from '../../crypto/node.ts';
import {
  describeFinding,
  type JsonResult,
  parseKeyFile,
  parsePolicy,
  parseReferenceValues,
  type Report,
  reportLines,
  reportToJson,
  type VerifyOptions,
  verifyToken,
} from '../../verify/index.ts';
import type { CallOf } from '../command.ts';
import type { verify } from '../commands/verify.ts';
import { badInput, EXIT, type ExitCode } from '../exit.ts';
import { INPUTS, inputName, readInput, readText } from '../io/read.ts';
import { oneLine, type Terminal } from '../io/terminal.ts';
import { readToken } from '../io/token.ts';
import { readChallenge } from '../options/challenge.ts';

const readKey = async (path: string): Promise<NonNullable<VerifyOptions['key']>> => {
  const parsed = parseKeyFile(await readInput(path, INPUTS.key), nodeCrypto);
  if (!parsed.ok) throw badInput(`${inputName(path)}: ${parsed.error}`);
  return parsed.key;
};

const readJson = async <T>(path: string, what: string, parse: (text: string) => JsonResult<T>): Promise<T> => {
  const parsed = parse(await readText(path, { ...INPUTS.text, what }));
  if (!parsed.ok) throw badInput(`${inputName(path)}: ${parsed.error}`);
  return parsed.value;
};

const optionsOf = async ({ values, terminal }: CallOf<typeof verify>): Promise<VerifyOptions> => {
  const { key, challenge, reference, policy, strict } = values;
  return {
    crypto: nodeCrypto,
    strict,
    ...(key === undefined ? {} : { key: await readKey(key) }),
    ...(challenge === undefined ? {} : { challenge: await readChallenge(challenge, (text) => terminal.note(text)) }),
    ...(reference === undefined
      ? {}
      : { reference: await readJson(reference, 'a file of reference values', parseReferenceValues) }),
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

import { compareTokens, describeToken, diffToJson, renderDiff } from '../../inspect/index.ts';
import type { CallOf } from '../command.ts';
import type { diff } from '../commands/diff.ts';
import { badCommandLine, badInput, EXIT, type ExitCode } from '../exit.ts';
import { inputName } from '../io/read.ts';
import { readToken } from '../io/token.ts';

/** A file in which some token can be recognised, broken or not. @throws {UsageError} INPUT */
const readRecognised = async (file: string): Promise<Uint8Array> => {
  const bytes = await readToken(file);
  const { shape } = describeToken(bytes);
  if (shape === 'nothing') throw badInput(`${inputName(file)}: holds no CBOR, so no token`);
  if (shape === 'cbor') throw badInput(`${inputName(file)}: holds CBOR, but no token`);
  return bytes;
};

export const runDiff = async ({ values, operands, terminal }: CallOf<typeof diff>): Promise<ExitCode> => {
  const [a = '-', b = '-'] = operands;
  if (a === '-' && b === '-')
    throw badCommandLine('only one of A and B can be standard input; name a file for the other');
  const compared = compareTokens(await readRecognised(a), await readRecognised(b));
  if (values.json) terminal.json(diffToJson(compared));
  else terminal.print(renderDiff(compared));
  const counts = values.values ? !compared.sameValues : !compared.same;
  return counts ? EXIT.no : EXIT.ok;
};

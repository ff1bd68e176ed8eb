import { nodeCrypto } from '../../crypto/node.ts';
import { type Explanation, explainToken } from '../../explain/index.ts';
import { describeToken } from '../../inspect/index.ts';
import type { CallOf } from '../command.ts';
import type { explain } from '../commands/explain.ts';
import { badCommandLine, badInput, EXIT, type ExitCode } from '../exit.ts';
import { readKey } from '../io/key.ts';
import { inputName } from '../io/read.ts';
import { oneLine, type Terminal } from '../io/terminal.ts';
import { readToken } from '../io/token.ts';
import { readChallenge } from '../options/challenge.ts';

const print = (explanations: readonly Explanation[], { paint, print }: Terminal): void => {
  const told = new Set<string>();
  for (const { title, evidence, accepted, rule, stage, says, text, advice } of explanations) {
    const verdict = accepted ? paint.green('accepted') : paint.red('refused ');
    print(`${verdict}  ${evidence.padEnd(9)}  ${paint.bold(title)}`);
    if (accepted) continue;
    print(`    check    ${rule} (${stage}): ${says}`);
    // Where a tool's own words are not known there is nothing to quote.
    if (text !== undefined && text !== '…') print(`    it says  ${oneLine(text)}`);
    if (advice !== undefined) print(`    to do    ${told.has(advice) ? 'as above' : advice}`);
    if (advice !== undefined) told.add(advice);
  }
};

export const runExplain = async ({ values, operands, terminal }: CallOf<typeof explain>): Promise<ExitCode> => {
  const { key, instance, challenge, verifier, json } = values;
  if (instance !== undefined && key === undefined)
    throw badCommandLine('--instance says where --key is stored: add --key');
  const [file = '-'] = operands;
  const token = await readToken(file);
  const { shape } = describeToken(token);
  if (shape === 'nothing') throw badInput(`${inputName(file)}: holds no CBOR, so no token`);
  const note = (text: string): void => terminal.note(text);
  const all = explainToken({
    token,
    key: key === undefined ? undefined : await readKey(key),
    instanceId: instance,
    challenge: challenge === undefined ? undefined : await readChallenge(challenge, note),
    crypto: nodeCrypto,
  });
  if (key === undefined) note('no --key: the signature of the platform is taken for good');
  const explanations = verifier === undefined ? all : all.filter((each) => each.verifier === verifier);
  if (json) terminal.json(explanations);
  else print(explanations, terminal);
  return verifier === undefined || explanations.every(({ accepted }) => accepted) ? EXIT.ok : EXIT.no;
};

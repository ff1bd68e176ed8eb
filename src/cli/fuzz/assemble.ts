import { disassemble, encodeScript } from '../../response/index.ts';
import { badCommandLine, EXIT, type ExitCode } from '../exit.ts';
import { writeOutput } from '../io/write.ts';
import type { FuzzCall } from '../run/fuzz.ts';
import { readScriptText } from './read-script.ts';

export const assembleScript = async ({ values, terminal }: FuzzCall, file: string): Promise<ExitCode> => {
  const output = values.output ?? '-';
  if (output === '-' && values.json)
    throw badCommandLine('--json needs standard output for itself; name a file with -o');
  const script = await readScriptText(file);
  const bytes = encodeScript(script);
  if (output === '-') terminal.binary(bytes, values.output === '-');
  else {
    writeOutput(output, bytes);
    if (values.json) terminal.json({ output, bytes: bytes.length, script: disassemble(script).trimEnd().split('\n') });
    else terminal.print(`wrote ${output}, ${bytes.length} bytes`);
  }
  return EXIT.ok;
};

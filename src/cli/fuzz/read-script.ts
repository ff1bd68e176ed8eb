import { fromUtf8 } from '../../bytes/index.ts';
import {
  assemble,
  decodeScript,
  isRecording,
  namedVersion,
  RESPONSE_SCRIPT_VERSION,
  type ResponseScript,
  ResponseScriptError,
} from '../../response/index.ts';
import { badInput } from '../exit.ts';
import { inputName, readInput, readText } from '../io/read.ts';

const INPUT = { what: 'a response script', maxBytes: 1 << 20 };

/** Text begins so, after comments; bytes of a script do not. */
const TEXT_HEAD = /^(\s*(#[^\n]*)?\n)*\s*response script /;

const assembled = (path: string, text: string): ResponseScript => {
  try {
    return assemble(text);
  } catch (error) {
    if (error instanceof ResponseScriptError) throw badInput(`${inputName(path)}: ${error.message}`, error);
    throw error;
  }
};

/** Reads a script as text. @throws {UsageError} INPUT, with the line. */
export const readScriptText = async (path: string): Promise<ResponseScript> =>
  assembled(path, await readText(path, INPUT));

/** Reads a script in either form. Any bytes are one, but for those that say that they are something else. */
export const readResponseScript = async (path: string): Promise<ResponseScript> => {
  const bytes = await readInput(path, INPUT);
  if (isRecording(bytes)) {
    throw badInput(`${inputName(path)}: is a recording of calls; name the script, and give the recording to --calls`);
  }
  const version = namedVersion(bytes);
  if (version !== undefined && version !== RESPONSE_SCRIPT_VERSION) {
    throw badInput(
      `${inputName(path)}: is a response script of version ${version}; this swcca reads version ${RESPONSE_SCRIPT_VERSION}`,
    );
  }
  const text = fromUtf8(bytes);
  return text !== undefined && TEXT_HEAD.test(text) ? assembled(path, text) : decodeScript(bytes);
};

import { fetchToken, HostError } from '../../host/index.ts';
import {
  type ClientEnd,
  converse,
  DEFAULT_MEMORY,
  decodeRecording,
  type Finding,
  isRecording,
  judgeClient,
  type PlayedCall,
  type ResponseScript,
  recordedMemory,
  replayRecording,
} from '../../response/index.ts';
import { badInput } from '../exit.ts';
import { inputName, readInput } from '../io/read.ts';

const RECORDING = { what: 'a recording', maxBytes: 1 << 28 };
const CHALLENGE = Uint8Array.from({ length: 64 }, (_, i) => i);
/** Enough to see how a client goes on. */
const BUDGET = 2000;

/** A conversation of a script with a client, to be shown. */
export interface Shown {
  readonly calls: readonly PlayedCall[];
  /** How the client ended and what is wrong with that; unknown of a client that was recorded. */
  readonly end?: ClientEnd;
  readonly finding?: Finding;
}

/** The calls of a recording, as the script answers them. */
const recordedConversation = async (path: string, script: ResponseScript): Promise<Shown> => {
  const bytes = await readInput(path, RECORDING);
  if (!isRecording(bytes)) throw badInput(`${inputName(path)}: is no recording of the C client`);
  const recorded = decodeRecording(bytes);
  const replayed = replayRecording(script, recorded, recordedMemory(recorded));
  if ('differs' in replayed) {
    throw badInput(`${inputName(path)}: call ${replayed.differs} was not answered as this script answers it`);
  }
  return replayed;
};

/** What a driver-like client, or the one that was recorded, makes of a script. */
export const conversationWith = async (script: ResponseScript, recording: string | undefined): Promise<Shown> => {
  if (recording !== undefined) return recordedConversation(recording, script);
  const client = fetchToken(CHALLENGE, DEFAULT_MEMORY.base);
  const gaveUp = (error: unknown): boolean => error instanceof HostError;
  const { end, calls, status } = converse(script, client, { budget: BUDGET, keep: BUDGET, gaveUp });
  const finding = judgeClient(end, status);
  return { calls, end, ...(finding === undefined ? {} : { finding }) };
};

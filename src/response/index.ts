/**
 * Response scripts: an RMM that is a few bytes long, and answers a guest's attestation calls as oddly as they say.
 *
 * Owns: the format, what each script answers to which calls, who could bring an answer about, what is wrong with a client.
 * Does not own: real answers (the rooms below platform); the same player in C (src/clients/c).
 */
export { conversationScript } from './as-script.ts';
export { decodeScript, encodeScript, namedVersion, ResponseScriptError } from './codec.ts';
export {
  type Client,
  type ClientAct,
  type ClientEnd,
  type ClientResult,
  type Conversation,
  type ConversationOptions,
  converse,
  type PlayedCall,
} from './conversation.ts';
export { conversationEvents, type ExplainedCall, explainCalls } from './explain.ts';
export { FID } from './fids.ts';
export {
  type Act,
  type ActName,
  CONTINUE_ACTS,
  INIT_ACTS,
  RESPONSE_SCRIPT_VERSION,
  type ResponseScript,
  type Rule,
  type RuleCall,
} from './format.ts';
export {
  type Expectations,
  type FaultModel,
  FINDINGS,
  type Finding,
  type FindingName,
  judgeClient,
  judgeTold,
  type Told,
} from './judge.ts';
export {
  type Answer,
  type AnswerModel,
  createPlayer,
  DEFAULT_MEMORY,
  type Player,
  type PlayerMemory,
  type PlayerStatus,
} from './player.ts';
export {
  decodeRecording,
  isRecording,
  type RecordedCall,
  recordedMemory,
  replayRecording,
} from './recording.ts';
export { dictionary, seeds } from './seeds.ts';
export { assemble, disassemble, ruleText } from './text.ts';
export { tokenBytes } from './token.ts';
export { randomScript, simplerScripts } from './vary.ts';

import { PEER_PARSERS } from './peer-parsers.ts';
import { TEXT_PARSERS } from './text-parsers.ts';
import { TOKEN_PARSERS } from './token-parsers.ts';

/** Every parser of bytes that come from outside, by name. */
export const PARSERS = { ...TOKEN_PARSERS, ...TEXT_PARSERS, ...PEER_PARSERS } as const;
export type ParserName = keyof typeof PARSERS;
export const PARSER_NAMES = Object.keys(PARSERS) as readonly ParserName[];

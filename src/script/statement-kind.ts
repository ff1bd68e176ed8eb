import { RmiRecExit } from '../abi/index.ts';
import type { Act } from './ast.ts';
import type { Cursor } from './cursor.ts';
import type { Results } from './patterns.ts';

/** What a statement's own part says, and what its results are called. Without results nothing may follow it. */
export interface Parsed {
  readonly act: Act;
  readonly results?: Results;
}

/** One kind of statement, as the page of the grammar and `help` show it. */
export interface StatementKind {
  readonly syntax: string;
  readonly says: string;
  readonly group: 'Settings' | 'Values' | 'The Host' | 'The Realm' | 'The world around' | 'Looking and expecting';
  readonly parse: (cursor: Cursor) => Parsed;
}

export const EXIT_MEMBERS = Object.keys(RmiRecExit.members);
export const ENTERED_MEMBERS = ['pc', 'exception'];
export const NO_CONDITIONS: readonly string[] = [];

export const leaving = (what: string): Results => ({
  what,
  members: EXIT_MEMBERS,
  conditions: NO_CONDITIONS,
  whole: false,
});

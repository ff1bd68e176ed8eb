import { DEFAULT_PROFILE } from '../machine/index.ts';
import { SWITCHES } from '../personality/index.ts';
import { SPEC_IMP_DEF } from '../rmm/index.ts';
import type { Act, Statement } from './ast.ts';
import { createCursor, type Scope } from './cursor.ts';
import { isOpen, sentencesOf } from './lexer.ts';
import { ScriptError, type ScriptProblem } from './problem.ts';
import { PERSONALITY_NAMES } from './stage.ts';
import { parseStatement, STATEMENT_WORDS } from './statements.ts';
import { VOCABULARY_1_0, type Vocabulary } from './vocabulary.ts';

/** A script that was read: what it says, or what is wrong with it. */
export interface Script {
  readonly statements: readonly Statement[];
  readonly problems: readonly ScriptProblem[];
}

export interface ParseOptions {
  readonly vocabulary?: Vocabulary;
  /** Names that have a value already, as in a session that goes on. */
  readonly names?: Iterable<string>;
}

/** More problems than anybody reads. */
const MAX_PROBLEMS = 20;

/** The names that a statement gives values to. */
const namesOf = ({ act, bindings }: Pick<Statement, 'act' | 'bindings'>): string[] => {
  const bound = bindings.map(({ name }) => name);
  if (act.act === 'for') return namesOf(act.body);
  return act.act === 'let' ? [act.name, ...bound] : bound;
};

/** Names of a Realm that `realm` builds: any member of it is known, which ones there are is seen when it is built. */
const prefixOf = (act: Act): string | undefined =>
  act.act === 'realm' ? act.name : act.act === 'for' ? prefixOf(act.body.act) : undefined;

/**
 * Reads a script. Total: any text gives statements, problems or both; each problem has its line and column and says what
 * was expected there.
 */
export const parseScript = (source: string, options: ParseOptions = {}): Script => {
  const names = new Set(options.names ?? []);
  const realms = new Set<string>();
  const statements: Statement[] = [];
  const problems: ScriptProblem[] = [];
  const scope: Scope = {
    vocabulary: options.vocabulary ?? VOCABULARY_1_0,
    knows: (name) => names.has(name) || realms.has(name.split('.')[0] ?? ''),
    learn: (name) => void names.add(name),
    get names() {
      return [...names, ...[...realms].map((realm) => `${realm}.rd`)];
    },
    personalities: PERSONALITY_NAMES,
    switches: [...SWITCHES.keys()],
    settings: { machine: Object.keys(DEFAULT_PROFILE), impdef: Object.keys(SPEC_IMP_DEF) },
  };

  for (const sentence of sentencesOf(source)) {
    if (problems.length === MAX_PROBLEMS) break;
    try {
      if (sentence.error !== undefined) throw sentence.error;
      const parsed = parseStatement(createCursor(sentence.tokens, scope), sentence.tokens);
      for (const name of namesOf(parsed)) names.add(name);
      const realm = prefixOf(parsed.act);
      if (realm !== undefined) realms.add(realm);
      statements.push(parsed);
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      problems.push({ ...error.place, message: error.message });
      // A name is not missing only because its value could not be read.
      const [word, name] = sentence.tokens;
      if (name?.kind === 'word' && word?.text === 'let') names.add(name.text);
      if (name?.kind === 'word' && word?.text === 'realm') realms.add(name.text);
    }
  }
  return { statements, problems };
};

export { isOpen, STATEMENT_WORDS };

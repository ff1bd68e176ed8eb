/** Where something stands in a script, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a script: a sentence in lower case that says what was expected. */
export interface ScriptProblem extends Place {
  readonly message: string;
}

/** What kind of mistake it is: the text is no script, names something that is not there, or asks for what cannot be. */
export type ScriptErrorCode = 'SYNTAX' | 'NAME' | 'IMPOSSIBLE';

/** A script that cannot be read, or cannot go on, and the place in it. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly code: ScriptErrorCode;
  readonly place: Place;

  constructor(code: ScriptErrorCode, { line, column }: Place, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.place = { line, column };
  }
}

export const syntax = (place: Place, message: string): ScriptError => new ScriptError('SYNTAX', place, message);
export const impossible = (place: Place, message: string, cause?: unknown): ScriptError =>
  new ScriptError('IMPOSSIBLE', place, message, cause);

/** How a known verifier is called, and how its answer is read. */
export interface Adapter {
  /** What it is, and the version that it was proven with. */
  readonly title: string;
  /** How to get it. */
  readonly install: string;
  /** The program, by the name under which it is found, and its arguments with placeholders. */
  readonly command: readonly string[];
  /** Whether one process answers a JSON line for each (see `lines.ts`); else it is run for each token. */
  readonly lines?: '{key.pem}' | '{key.jwk}' | '{key.cose}';
  /** What its output has to match for acceptance, where its exit status says nothing. */
  readonly output?: RegExp;
}

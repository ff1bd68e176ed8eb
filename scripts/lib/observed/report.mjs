/** Counts, and the differences with the call before each. */
export class Report {
  passed = 0;
  failed = 0;
  lines = [];
  #before = 'nothing';
  #last = 'passed';

  /**
   * One thing that counts.
   *
   * @param {string} call what was done, in one line
   * @param {readonly string[]} problems what came out otherwise
   */
  count(call, problems) {
    this.#last = problems.length === 0 ? 'passed' : 'failed';
    this[this.#last] += 1;
    if (problems.length > 0) this.#print(call, problems);
    this.#before = call;
  }

  /** Something that belongs to what was counted last, and is not counted by itself: it takes its pass back. */
  revoke(what, problems) {
    if (problems.length === 0) return;
    if (this.#last === 'passed' && this.passed > 0) {
      this.passed -= 1;
      this.failed += 1;
      this.#last = 'failed';
    } else if (this.passed + this.failed === 0) this.failed += 1;
    this.#print(what, problems);
  }

  /** A place of the recording that could not be run at all. */
  fail(where, why) {
    this.failed += 1;
    this.#last = 'failed';
    this.#print(where, [why]);
  }

  begin(where) {
    this.#before = `the beginning of ${where}`;
  }

  #print(call, problems) {
    this.lines.push(call, ...problems.map((problem) => `    ${problem}`), `    before it: ${this.#before}`);
  }
}

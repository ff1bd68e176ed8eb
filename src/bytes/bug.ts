/** A broken invariant of our own. Nobody catches it but the edge, which says that swcca is at fault (exit code 3). */
export class Bug extends Error {
  override readonly name = 'Bug';
}

/**
 * Reading tokens for people: annotated diagnostic notation with byte offsets, names and meanings, the dialect, and how two
 * tokens differ.
 *
 * Owns: how a token is shown, as far as it can be read, which dialect it is nearest to, what differs between two. Does not own: whether it is
 * good, which is the verifier's question; it never refuses anything.
 *
 * For a command line: `tokenFileBytes` takes the token out of a binary, hexadecimal or base64 file, `describeToken` never
 * fails, `renderText` (with `{ hex: true }` for the bytes beside it) or `descriptionToJson` shows it. `shape` is `nothing`
 * or `cbor` when there is no token in the bytes: exit code 2 then, and 0 for whatever is recognised, broken or not.
 */
export {
  type Claim,
  claimsOf,
  compareTokens,
  DIFFERENCE_KINDS,
  type Difference,
  type DifferenceKind,
  diffToJson,
  type Remark,
  renderDiff,
  type Side,
  type TokenDiff,
} from './compare/index.ts';
export { type Description, describeToken, type Shape } from './describe.ts';
export { type Detected, type DialectName, type Features, featuresOfDialect } from './dialect.ts';
export type { Node, Stop } from './node.ts';
export { type Line, lines, type RenderOptions, renderText } from './render.ts';
export { type SignedDifference, signedDifferences } from './signed.ts';
export { descriptionToJson } from './to-json.ts';
export { tokenFileBytes } from './token-file.ts';

export { type Claim, claimsOf } from './claims.ts';
export { compareTokens } from './compare.ts';
export {
  DIFFERENCE_KINDS,
  type Difference,
  type DifferenceKind,
  type Remark,
  type Side,
  type TokenDiff,
} from './difference.ts';
export { diffToJson, renderDiff } from './render.ts';

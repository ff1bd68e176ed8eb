import { Bug } from '../../bytes/index.ts';

/**
 * Negotiates an interface revision (RMM 1.0 B2): whether `req` is one of the revisions, and which two to name.
 *
 * @param revisions  in ascending order, at least one.
 */
export const negotiate = (
  revisions: readonly bigint[],
  req: bigint,
): { readonly supported: boolean; readonly lower: bigint; readonly higher: bigint } => {
  const higher = revisions.at(-1);
  if (higher === undefined) throw new Bug('an interface without revisions');
  if (revisions.includes(req)) return { supported: true, lower: req, higher };
  return { supported: false, lower: revisions.filter((revision) => revision < req).at(-1) ?? higher, higher };
};

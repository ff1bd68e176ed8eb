/** A revision of a specification that commands are written from. */
export interface SpecRevision {
  /** What the section reference of a command begins with. */
  readonly name: string;
  readonly title: string;
  readonly document: string;
  readonly revision: string;
}

/** The revisions that are pinned: a new one is a list of places to look at. */
export const SPEC_REVISIONS: readonly SpecRevision[] = [
  { name: 'RMM 1.0', title: 'Realm Management Monitor specification', document: 'DEN0137', revision: '1.0-rel0' },
];

/** The revision that a section reference such as `RMM 1.0 B4.3.8` begins with, and the section. */
export const specReference = (
  reference: string,
): { readonly revision: SpecRevision; readonly section: string } | undefined => {
  const revision = SPEC_REVISIONS.find(({ name }) => reference.startsWith(`${name} `));
  return revision && { revision, section: reference.slice(revision.name.length + 1) };
};

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What the sheet of mutations says: which rows there are, and what a verifier owes each of them. */
const shared = resolve(process.env['SWCCA_SHARED'] ?? '../shared');
const lines = readFileSync(join(shared, 'spec/mutations.md'), 'utf8').split('\n');

/** Cells of the rows of all tables, by the heading that they stand under. */
const tables = (): ReadonlyMap<string, readonly (readonly string[])[]> => {
  const found = new Map<string, string[][]>();
  let heading = '';
  for (const line of lines) {
    if (line.startsWith('## ')) heading = line.slice(3);
    // The first two lines of a table are its head and a rule.
    else if (line.startsWith('| ') && !line.startsWith('| ---')) {
      const cells = line.slice(2).split(' | ');
      found.set(heading, [...(found.get(heading) ?? []), cells.map((cell) => cell.replace(/ \|$/, '').trim())]);
    }
  }
  return new Map([...found].map(([name, rows]) => [name, rows.slice(1)]));
};

const TABLES = tables();
const ID = /^[VCBLNRPX]\d\d[ab]?$/;

/** Every row that has a token, in the order of the sheet. */
export const SHEET_IDS: readonly string[] = [...TABLES.values()].flatMap((rows) =>
  rows.map(([id = '']) => id).filter((id) => ID.test(id)),
);
/** Rows that the sheet proposes and has no token for. */
export const PROPOSED_IDS: readonly string[] = [...TABLES.values()].flatMap((rows) =>
  rows.map(([id = '']) => id).filter((id) => /^F\d\d$/.test(id)),
);

/** Ids that a text names, also as ranges: `C01-C04, C07` and `B05-B08b`. */
const idsIn = (text: string): readonly string[] =>
  [...text.matchAll(/([A-Z])(\d\d)(b?)(?:-[A-Z](\d\d)(b?))?/g)].flatMap(([, letter, first, b, last = first, toB]) => {
    const ids = SHEET_IDS.filter((id) => {
      const number = Number.parseInt(id.slice(1), 10);
      return id.startsWith(letter ?? '') && number >= Number(first) && number <= Number(last);
    });
    // The last of a range may have a companion, as B08 has B08b: it is meant when it is named.
    return ids.filter((id) => !id.endsWith('b') || b === 'b' || toB === 'b' || Number(id.slice(1, 3)) < Number(last));
  });

const CLASSES = (TABLES.get('Which check should catch what: a spec-conforming verifier') ?? []).map(
  ([, , mustFail = '', rest = '']) => ({ mustFail, rest }),
);

/** What a conforming verifier refuses: `appraisal P18-P23` is among it. */
export const MUST_FAIL: ReadonlySet<string> = new Set(CLASSES.flatMap(({ mustFail }) => idsIn(mustFail)));
/** What it accepts: the valid forms, and what the sheet says `must pass` of. */
export const MUST_PASS: ReadonlySet<string> = new Set([
  ...SHEET_IDS.filter((id) => id.startsWith('V')),
  ...CLASSES.flatMap(({ rest }) => rest.split(';').filter((part) => part.includes('must pass'))).flatMap(idsIn),
]);
/** What may be accepted, or is anybody's policy. */
export const OPEN: ReadonlySet<string> = new Set(
  CLASSES.flatMap(({ rest }) => rest.split(';').filter((part) => !part.includes('must pass'))).flatMap(idsIn),
);

export type Decision = 'accepted' | 'warned' | 'refused';

const POLICY_ROW = /^\| ([A-Z0-9, ]+) \|.*\| (accepted|warned|refused) \|$/;

/** What docs/policy.md decides, by row. */
export const POLICY: ReadonlyMap<string, Decision> = new Map(
  readFileSync(new URL('../../../docs/policy.md', import.meta.url), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, named = '', decision = ''] = POLICY_ROW.exec(line) ?? [];
      return named === '' ? [] : named.split(', ').map((id) => [id, decision as Decision] as const);
    }),
);

/** What our verifier answers: by class, and by docs/policy.md where the class leaves it open. */
export const decisionOf = (id: string): Decision => {
  if (MUST_FAIL.has(id)) return 'refused';
  if (MUST_PASS.has(id)) return 'accepted';
  return POLICY.get(id) ?? 'accepted';
};

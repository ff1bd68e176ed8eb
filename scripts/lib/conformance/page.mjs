/** The tables of a Markdown text, by the heading above each: rows of cells, without the header. */
export const tablesOf = (markdown) => {
  const tables = {};
  let heading = '';
  for (const line of markdown.split('\n')) {
    if (line.startsWith('#')) heading = line.replace(/^#+ /, '');
    const cells = /^\| (.*) \|$/.exec(line)?.[1]?.split(' | ');
    if (cells === undefined || /^-/.test(cells[0])) continue;
    tables[heading] ??= [];
    tables[heading].push(cells.map((cell) => cell.replace(/^`(.*)`$/, '$1')));
  }
  for (const rows of Object.values(tables)) rows.shift();
  return tables;
};

const by = (items, key) => {
  const groups = new Map();
  for (const item of items) {
    const group = groups.get(key(item)) ?? [];
    group.push(item);
    groups.set(key(item), group);
  }
  return groups;
};

const table = (head, rows) => [
  `| ${head.join(' | ')} |`,
  `| ${head.map(() => '---').join(' | ')} |`,
  ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  '',
];

const cell = (text) => text.replaceAll('|', '\\|');

const RULE = {
  fails: (condition) => `fails by \`${condition}\``,
  wins: (condition) => `\`${condition}\` is reported first`,
  passes: (condition) => `at the edge of \`${condition}\``,
  succeeds: (condition) => `makes \`${condition}\` hold`,
  also: () => 'answers',
};

export const conformancePage = (results, gapsText, suite) => {
  const tables = tablesOf(gapsText);
  const gaps = new Map((tables['Rows that do not hold'] ?? []).map(([id, reason]) => [id, reason]));
  const outcome = (all) => {
    const failed = all.filter(({ passed }) => !passed);
    if (failed.length > 0) return `**fails**: ${failed.map(({ id }) => id).join(', ')}`;
    const open = all.filter(({ id }) => gaps.has(id));
    return open.length === 0 ? 'holds' : `gap: ${open.map(({ id }) => `\`${id}\``).join(', ')}`;
  };
  const count = (all) => {
    const held = all.filter(({ id, passed }) => passed && !gaps.has(id)).length;
    return [all.length, held, all.filter(({ id }) => gaps.has(id)).length, all.filter(({ passed }) => !passed).length];
  };
  const isIn =
    (ids) =>
    ({ id }) =>
      ids.includes(id);

  const rows = results.filter(({ kind }) => kind !== 'scenario');
  const scenarios = results.filter(({ kind }) => kind === 'scenario');
  const conditions = by(
    rows.filter(({ kind }) => kind === 'fails'),
    ({ group, condition }) => `${group} ${condition}`,
  );
  const promises = by(
    rows.filter(({ kind }) => kind === 'succeeds'),
    ({ group, condition }) => `${group} ${condition}`,
  );

  return [
    '# Conformance with RMM 1.0-rel0',
    '',
    'Which rule of the specification (Arm DEN0137) is held by which test, and with what result. Written by',
    '`node scripts/gen-conformance.mjs` from a run of `test/conformance`; not to be edited. The rows themselves are the',
    'tables of that folder.',
    '',
    `${by(rows, ({ group }) => group).size} commands, ${conditions.size} failure conditions, ${promises.size} success conditions.`,
    '',
    ...table(
      ['tests', 'total', 'hold', 'known gaps', 'fail'],
      [
        ['rows of commands', ...count(rows)],
        ["of these, rows of Arm's compliance suite", ...count(rows.filter(isIn(suite.rows)))],
        ['scenarios', ...count(scenarios)],
        ['of these, asked for by the suite or beside it', ...count(scenarios.filter(isIn(suite.scenarios)))],
        ['all', ...count(results)],
      ],
    ),
    '## Known gaps',
    '',
    ...table(
      ['row', 'reason'],
      [...gaps].map(([id, reason]) => [`\`${id}\``, reason]),
    ),
    '## Rules that are not modelled',
    '',
    ...table(['section', 'rule', 'why'], tables['Rules that are not modelled'] ?? []),
    '## Readings',
    '',
    'Where the text can be read in more than one way, and how it is read here.',
    '',
    ...table(['section', 'question', 'reading'], tables['Readings'] ?? []),
    '## Commands',
    '',
    ...[...by(rows, ({ group }) => group)].flatMap(([command, all]) => [
      `### ${command}`,
      '',
      `${all[0].spec}.`,
      '',
      ...table(
        ['rule', 'tests', 'result'],
        [...by(all, ({ kind, condition }) => `${kind} ${condition}`).values()].map((group) => [
          RULE[group[0].kind](group[0].condition),
          cell(group.map(({ label }) => label).join('; ')),
          outcome(group),
        ]),
      ),
    ]),
    '## Scenarios',
    '',
    ...[...by(scenarios, ({ group }) => group)].flatMap(([group, all]) => [
      `### ${group[0].toUpperCase()}${group.slice(1)}`,
      '',
      ...table(
        ['rule', 'test', 'result'],
        all.map((one) => [one.spec.replace('RMM 1.0 ', ''), cell(`\`${one.id}\`: ${one.label}`), outcome([one])]),
      ),
    ]),
  ].join('\n');
};

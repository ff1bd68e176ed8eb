const cell = (text) => text.replaceAll('|', '\\|');
const table = (heads, rows) =>
  [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

const referenceText = ({ repository, tag, path, symbol }) =>
  `${repository} at \`${tag}\`, \`${path}\`${symbol === undefined ? '' : `, \`${symbol}\``}`;

const STANDINGS = {
  divergent: 'the text says otherwise',
  open: 'the text leaves it open',
  'same reading': 'the emulator reads the text in the same way: nothing to switch',
};

const deviationText = (each) => {
  const lines = [
    `- Commands: ${each.commands.length === 0 ? 'none of its own' : each.commands.join(', ')}`,
    `- Rule: ${each.rule}; ${STANDINGS[each.standing]}`,
    `- Specification: ${each.specification}`,
    `- Implementation: ${each.implementation}`,
    ...each.references.map((reference) => `- Evidence: ${referenceText(reference)}`),
    ...(each.repaired === undefined ? [] : [`- Repaired: ${referenceText(each.repaired)}`]),
    `- Shown by: [\`test/divergences/${each.id}.swcca\`](../test/divergences/${each.id}.swcca)`,
  ];
  return `#### ${each.id}: ${each.title}\n\n${lines.join('\n')}`;
};

const group = (title, says, deviations) => [`### ${title}`, says, ...deviations.map(deviationText)];

/** What shows in no switch: measured against the reference RMM, and why there is nothing to do. */
const NO_SWITCH = [
  [
    'The bytes of a SHA-256 measurement after its digest',
    'In the memory of the reference RMM they are not zero once a REM was extended. No call reads them: ' +
      'RSI_MEASUREMENT_READ fills with zeros and the token has the digest alone. Measurements are compared as long as the digest is.',
  ],
  [
    'HW and a reserved vINTID in a List Register',
    'Observations contradict the source: they have both accepted, the second in a pending List Register, where ' +
      '`gic_validate_state` refuses both as soon as there is a state and looks at neither without one. The emulator does ' +
      'as the source does, and rows 241 and 242 of the observations are held against List Registers without a state. ' +
      'Limits of vINTID and of the priority field that the interrupt controller sets are not modelled.',
  ],
  [
    'Auxiliary granules that cannot be taken, in a debug build',
    'A debug build of the reference RMM fails an assertion where its release build answers RMI_ERROR_INPUT. The emulator ' +
      'is as the release build.',
  ],
];

/**
 * The page of every known divergence, from the data itself.
 *
 * @param {typeof import('../../../src/personality/index.ts')} room
 * @returns {string}
 */
export const divergencesPage = ({ PERSONALITIES, SWITCHES, STACKS, RSI_BEHAVIOURS }) => {
  const tfRmm = PERSONALITIES['tf-rmm'];
  const { islet } = PERSONALITIES;
  const own = new Set(Object.values(PERSONALITIES).flatMap(({ deviations }) => deviations.map(({ id }) => id)));
  const others = [...SWITCHES.values()].filter(({ id }) => !own.has(id));
  const later = others.filter(({ id }) => id.startsWith('L'));
  const old = others.filter(({ id }) => !id.startsWith('L'));
  const parts = [
    '# Divergences',
    'Where known implementations do not do what RMM 1.0-rel0 says, or decide what it leaves open. `--personality` takes ' +
      'all of an implementation, `--switch ID` and `--switch=-ID` turn one difference on or off, `--stack` takes one ' +
      'coherent machine.',
    'This page is written from `src/personality` by `node scripts/gen-divergences.mjs`.',
    '## Stacks',
    table(
      ['`--stack`', 'is', 'personality', 'changed', 'dialect', 'HES', 'REM formula'],
      Object.entries(STACKS).map(([name, { title, setting, alsoHes }]) => {
        const { personality, switches } = setting.personality;
        const base = PERSONALITIES[personality].deviations.map(({ id }) => id);
        const changed = [
          ...base.filter((id) => !switches.includes(id)).map((id) => `-${id}`),
          ...switches.filter((id) => !base.includes(id)),
        ];
        const dialectParts = Object.entries(setting.parts).map(([part, value]) => `${part} ${value}`);
        return [
          `\`${name}\``,
          title,
          `\`${personality}\``,
          changed.join(' ') || '–',
          [setting.dialect, ...dialectParts].join(', '),
          [setting.hes, ...alsoHes].join(' or '),
          setting.remFormula,
        ];
      }),
    ),
    'Any other combination is `synthetic`.',
    ...Object.entries(STACKS)
      .filter(([, { evidence }]) => evidence.length > 0)
      .map(([name, { evidence, reservation }]) =>
        [
          `\`${name}\`:${reservation === '' ? '' : ` ${reservation}`}`,
          '',
          ...evidence.map((each) => `- ${referenceText(each)}`),
        ].join('\n'),
      ),
    '## Switches',
    ...group('TF-RMM at rmm-spec-v1.0-rel0', 'The personality `tf-rmm` has all of these.', tfRmm.deviations),
    ...group('Later TF-RMM', 'No personality has these; stacks do.', later),
    ...group('Islet', 'The personality `islet` has all of these. Its RMI was not compared.', islet.deviations),
    ...group('Islet before RMM 1.0', 'Neither a personality nor a stack has these: they are for single tests.', old),
    '## The token protocol, side by side',
    table(
      ['behaviour', 'specification', 'TF-RMM', 'Islet', 'Islet before RMM 1.0', 'by'],
      RSI_BEHAVIOURS.map((row) => [
        row.behaviour,
        row.spec,
        row.tfRmm,
        row.islet,
        row.isletOld,
        row.by.map((each) => `\`${each}\``).join(', ') || '–',
      ]),
    ),
    '## Orders of conditions',
    'Each order is one of those that the published partial order allows. Conditions that a switch takes away are left out ' +
      'when it is on. Commands that are not listed are checked in the order of publication.',
    ...[tfRmm, islet].map(
      ({ id, orders }) =>
        `### \`${id}\`\n\n${table(
          ['command', 'order'],
          Object.entries(orders).map(([name, order]) => [name, order.join(', ')]),
        )}`,
    ),
    '## Without a switch',
    table(['what', 'why nothing is switched'], NO_SWITCH),
  ];
  return `${parts.join('\n\n')}\n`;
};

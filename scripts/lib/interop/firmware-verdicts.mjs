import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The dialect that every judge here can read. */
const COMMON_DIALECT = 'rmm-1.0-legacy';

/**
 * Puts the token of every firmware set to verifiers, each with the trust anchor of the same chip in its good days, and
 * writes down what they say.
 *
 * @param {object} options
 * @param {string} options.cli the built command line
 * @param {string} options.directory a directory for the tokens
 * @param {readonly { name: string, title: string, command: readonly string[] }[]} options.peers
 * @returns {string} the page, in Markdown
 */
export function firmwareVerdicts({ cli, directory, peers }) {
  const swcca = (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (status === null || status > 1) throw new Error(`swcca ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const at = (name) => join(directory, name);
  const good = (dialect) => {
    const options = dialect === undefined ? [] : ['--dialect', dialect];
    const bundle = at(`good-${dialect ?? 'own'}`);
    swcca('token', ...options, '--bundle', bundle);
    const reference = at(`reference-${dialect ?? 'own'}.json`);
    swcca('firmware', 'measure', 'good-1.0', ...options, '--reference', reference);
    return { pem: join(bundle, 'cpak.pem'), jwk: join(bundle, 'cpak.jwk.json'), reference };
  };
  const anchors = { own: good(undefined), common: good(COMMON_DIALECT) };

  const ours = (token, { pem, reference }) => {
    const { accepted, findings } = JSON.parse(swcca('verify', token, '--key', pem, '--reference', reference, '--json'));
    return { accepted, words: findings.map(({ code, path, detail }) => ourWords(code, path, detail)) };
  };
  const theirs = ([program, ...args], token, { jwk }) => {
    const input = `${JSON.stringify({ token, key: jwk })}\n`;
    const { stdout } = spawnSync(program, args, { input, encoding: 'utf8' });
    const { accepted, stage, error } = JSON.parse(stdout);
    return { accepted, words: accepted ? [] : [`${stage}: ${error}`] };
  };

  const sets = JSON.parse(swcca('firmware', 'list', '--json'));
  const rows = sets.map(({ name, summary }) => {
    const own = at(`${name}.cbor`);
    const common = at(`${name}-common.cbor`);
    const { dialect } = JSON.parse(swcca('token', '--firmware', name, '-o', own, '--json'));
    swcca('token', '--firmware', name, '--dialect', COMMON_DIALECT, '-o', common);
    return {
      name,
      summary,
      dialect,
      verdicts: [
        { judge: 'swcca verify with reference values', dialect, ...ours(own, anchors.own) },
        ...peers.flatMap(({ title, command }) => [
          { judge: title, dialect, ...theirs(command, own, anchors.own) },
          ...(dialect === COMMON_DIALECT
            ? []
            : [{ judge: title, dialect: COMMON_DIALECT, ...theirs(command, common, anchors.common) }]),
        ]),
      ],
    };
  });
  return page(rows, peers);
}

const ourWords = (code, path, detail) => {
  const { component, attribute } = detail ?? {};
  const what = component === undefined ? path : `${component}${attribute === undefined ? '' : ` ${attribute}`}`;
  return what === undefined || what === '' ? code : `${code} (${what})`;
};

/** Words of others may hold what Markdown takes for its own. */
const cell = (text) =>
  text
    .replace(/[\r\n]+/g, ' ')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .trim();

const sentence = ({ accepted, words }) => {
  const said = [...new Set(words)].map(cell);
  const some = said.length > 4 ? [...said.slice(0, 4), `and ${said.length - 4} more`] : said;
  return `${accepted ? 'accepted' : '**refused**'}${some.length === 0 ? '' : `: ${some.join('; ')}`}`;
};

const page = (rows, peers) => {
  const lines = [
    '# What verifiers say of each firmware set',
    '',
    '<!-- Written by scripts/firmware-verdicts.mjs; npm run test:interop holds it against what the verifiers say today. -->',
    '',
    'The token of each set of `firmware-fixtures/` (`swcca token --firmware SET`), put to verifiers. All of them have the',
    'trust anchor of the chip as it was with `good-1.0`; `swcca verify` also has the reference values that',
    '`swcca firmware measure good-1.0 --reference FILE` writes. The others are called as their users call them: they check',
    'claims, signatures and binding, and no reference value.',
    '',
    ...peers.map(({ title }) => `- ${title}`),
    '',
    'What is accepted here and should not be is the reason for these sets. A verifier without reference values cannot know',
    'of a bad image; one with those of `good-1.0` refuses `good-1.1` as well; and `stale-token` shows what no verifier of',
    'a token can see.',
    '',
  ];
  for (const { name, summary, verdicts } of rows) {
    lines.push(`## ${name}`, '', cell(summary), '');
    lines.push('| verifier | dialect | verdict |', '| --- | --- | --- |');
    for (const verdict of verdicts) lines.push(`| ${verdict.judge} | ${verdict.dialect} | ${sentence(verdict)} |`);
    lines.push('');
  }
  return lines.join('\n');
};

/** The peers of the table, as far as they are there. */
export const tablePeers = ({ goCcatoken, rustCcatoken }, titles) => [
  ...(goCcatoken.ready ? [{ name: 'go', title: titles.goCcatoken, command: goCcatoken.command }] : []),
  ...(rustCcatoken.ready
    ? [
        { name: 'rust', title: titles.rustCcatoken, command: [...rustCcatoken.command, 'ccatoken'] },
        { name: 'cose', title: titles.rustCose, command: [...rustCcatoken.command, 'cose'] },
      ]
    : []),
];

/** Whether the page of a checkout says what is said today. */
export const pageFile = (root) => join(root, 'docs/firmware-verdicts.md');
export const readPage = (root) => readFileSync(pageFile(root), 'utf8');
export const writePage = (root, text) => writeFileSync(pageFile(root), text);

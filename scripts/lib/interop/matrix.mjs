import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { converse } from './conversation.mjs';

export const DIALECTS = ['rmm-1.0', 'rmm-1.0-legacy', 'rmm-1.1', 'tf-rmm-main', 'rmm-2.0', 'draft-04'];

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

const swcca = (cli, args) => {
  const { status, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`swcca ${args.join(' ')}: ${stderr}`);
};

/** A peer that is run, as a judge of cases. */
export const measured = (id, title, command) => ({
  id,
  title,
  evidence: 'measured',
  judge: async (cases) =>
    (await converse(command, cases)).map(({ accepted, panic, stage, error }) => ({
      accepted,
      crashed: panic === true || stage === 'crash' || stage === 'hang',
      text: error,
    })),
});

/** A verifier that is known by its checks alone. */
export const predicted = (model, { predict, parseJwk, crypto }) => ({
  id: model.id,
  title: model.title,
  evidence: 'predicted',
  judge: (cases) =>
    cases.map(({ token, key }) => {
      const input = {
        token: new Uint8Array(readFileSync(token)),
        key: parseJwk(readJson(key)),
        challenge: undefined,
        crypto,
      };
      const { accepted, text } = predict(model, input);
      return { accepted, crashed: false, text };
    }),
});

/** The rows of a corpus that a verifier with nothing but a key can be held against. */
function corpusRows(folder) {
  const { tokens } = readJson(join(folder, 'manifest.json'));
  return tokens.flatMap(({ id, verdict }) => {
    const { needs, given, gain, change } = readJson(join(folder, `${id}.json`));
    if (needs.length > 0) return [];
    const files = { token: join(folder, `${id}.cbor`), key: join(folder, `${given.key}.jwk.json`) };
    return [{ id, verdict, gain, change, files }];
  });
}

/** The token that a machine makes, and the key of its chip. */
function bundleCase(cli, folder, options) {
  swcca(cli, ['token', '--bundle', folder, ...options]);
  return { token: join(folder, 'token.cbor'), key: join(folder, 'cpak.jwk.json') };
}

/** What one verifier makes of one corpus. */
function scoreOf(rows, verdicts) {
  const pick = (holds) => rows.filter((row, i) => holds(row, verdicts[i])).map(({ id }) => id);
  return {
    rows: rows.length,
    accepted: verdicts.filter(({ accepted }) => accepted).length,
    holes: pick(({ verdict }, { accepted }) => verdict === 'must-reject' && accepted),
    strict: pick(({ verdict }, { accepted }) => verdict === 'must-accept' && !accepted),
    policy: pick(({ verdict }, { accepted }) => verdict === 'policy' && accepted),
    crashes: pick((_, { crashed }) => crashed),
  };
}

/**
 * Runs every verifier over the corpus of every dialect, and over the token of every firmware set.
 *
 * @returns what `matrixPage` writes down
 */
export async function runMatrix({ root, cli, directory, verifiers, say }) {
  const corpora = {};
  for (const dialect of DIALECTS) {
    const folder = join(directory, `corpus-${dialect}`);
    swcca(cli, ['corpus', '--out', folder, '--dialect', dialect]);
    const rows = corpusRows(folder);
    const unchanged = bundleCase(cli, join(directory, `token-${dialect}`), ['--dialect', dialect]);
    const results = {};
    for (const { id, judge } of verifiers) {
      say(`${dialect}: ${id}`);
      const verdicts = await judge(rows.map(({ files }) => files));
      const [base] = await judge([unchanged]);
      results[id] = { base, ...scoreOf(rows, verdicts) };
    }
    corpora[dialect] = results;
  }
  const sets = readdirSync(join(root, 'firmware-fixtures'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => readdirSync(join(root, 'firmware-fixtures', name)).includes('manifest.json'));
  const firmware = {};
  for (const set of sets) {
    const folder = join(directory, `bundle-${set}`);
    const one = bundleCase(cli, folder, ['--firmware', set]);
    firmware[set] = {};
    for (const { id, judge } of verifiers) [firmware[set][id]] = await judge([one]);
  }
  return { corpora, firmware };
}

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (cells) => `| ${cells.map(cell).join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const answer = ({ accepted, crashed }) => (accepted ? 'yes' : crashed ? 'crash' : 'no');

const scoreText = ({ base, rows, holes, strict, crashes }) =>
  base.accepted
    ? `${holes.length} holes, ${strict.length} too strict${crashes.length > 0 ? `, ${crashes.length} crashes` : ''}`
    : `takes none of its kind (${rows} rows)`;

const MOST_IDS = 40;
const idList = (ids) =>
  ids.length <= MOST_IDS ? ids.join(', ') : `${ids.slice(0, MOST_IDS).join(', ')} and ${ids.length - MOST_IDS} more`;

/** The page for people; the same facts stand in the JSON beside it. */
export function matrixPage({ corpora, firmware }, verifiers, absent) {
  const heads = verifiers.map(({ title, evidence }) => `${title} (${evidence})`);
  const details = DIALECTS.flatMap((dialect) =>
    verifiers.flatMap(({ id, title, evidence }) => {
      const { base, holes, strict, crashes } = corpora[dialect][id];
      if (!base.accepted || evidence !== 'measured') return [];
      return [
        `### ${title}, dialect ${dialect}`,
        '',
        `- accepted though it must be rejected: ${idList(holes) || 'none'}`,
        `- rejected though it must be accepted: ${idList(strict) || 'none'}`,
        `- crashes: ${idList(crashes) || 'none'}`,
        '',
      ];
    }),
  );
  return `${[
    '# What verifiers make of tokens',
    '',
    'Written by `npm run matrix`; the same facts for programs stand in `verifier-matrix.json`. *Measured* verifiers were',
    'run, *predicted* ones are known by their checks (`swcca explain`). Rows of the corpus that need a challenge or',
    'reference values are left out: these verifiers are given a key and nothing else.',
    '',
    '## Dialects',
    '',
    'Whether the unchanged token is taken.',
    '',
    table(
      ['dialect', ...heads],
      DIALECTS.map((d) => [d, ...verifiers.map(({ id }) => answer(corpora[d][id].base))]),
    ),
    '',
    '## Corpus',
    '',
    'A hole is a token that is accepted and must be rejected; too strict is one that is rejected and must be accepted.',
    '',
    table(
      ['dialect', ...heads],
      DIALECTS.map((d) => [d, ...verifiers.map(({ id }) => scoreText(corpora[d][id]))]),
    ),
    '',
    '## Firmware sets',
    '',
    'The token of each set as the machine makes it, given the key of the chip and no reference values.',
    '',
    table(
      ['set', ...heads],
      Object.entries(firmware).map(([set, answers]) => [set, ...verifiers.map(({ id }) => answer(answers[id]))]),
    ),
    '',
    '## By verifier that was run',
    '',
    ...details,
    '## Who could not be run',
    '',
    ...absent.map((each) => `- ${each}`),
  ].join('\n')}\n`;
}

import { toHex } from '../../bytes/index.ts';
import { describeToken, type Features, featuresOfDialect, signedDifferences } from '../../inspect/index.ts';
import { DIALECTS, rewrapToken, type Wrapper } from '../../token/index.ts';
import type { CallOf } from '../command.ts';
import type { rewrap } from '../commands/rewrap.ts';
import { badCommandLine, badInput, EXIT, type ExitCode } from '../exit.ts';
import { inputName } from '../io/read.ts';
import { oneLine } from '../io/terminal.ts';
import { readToken } from '../io/token.ts';
import { writeOutput } from '../io/write.ts';

type Values = CallOf<typeof rewrap>['values'];

/** Words of the options for what is found in tokens. */
const RAK_FORMS = { 'cose-key': 'COSE_Key', raw: 'raw' } as const;
const MEC_FORMS = { int: 'integer', text: 'text', none: 'absent' } as const;

/** What the options ask for besides the wrapper. */
const wantedFrom = (values: Values): Partial<Features> => {
  const { dialect, rak, mec, 'platform-profile': platformProfile, 'realm-profile': realmProfile } = values;
  return {
    ...(dialect === undefined ? {} : featuresOfDialect(dialect)),
    ...(platformProfile === undefined ? {} : { platformProfile }),
    ...(realmProfile === undefined ? {} : { realmProfile: realmProfile === 'legacy' ? 'none' : realmProfile }),
    ...(rak === undefined ? {} : { rak: RAK_FORMS[rak] }),
    ...(mec === undefined ? {} : { mec: MEC_FORMS[mec] }),
  };
};

/** @throws {UsageError} COMMAND_LINE, when nothing says what the wrapper should be. */
const wrapperFrom = ({ dialect, outer, entry }: Values, present: string | undefined): Wrapper => {
  if (outer !== undefined) return { outer: outer === '399' ? 399 : 907, entry };
  if (dialect !== undefined) return { outer: DIALECTS[dialect].outer, entry };
  if (present === undefined) throw badCommandLine('the token has no tag of its own to keep; name one with --outer');
  return { outer: present === '399' ? 399 : 907, entry };
};

export const runRewrap = async ({ values, operands, terminal }: CallOf<typeof rewrap>): Promise<ExitCode> => {
  const { out, json } = values;
  const [file = '-'] = operands;
  if (json && out === '-') throw badCommandLine('--json needs standard output for itself');
  const wanted = wantedFrom(values);
  if (Object.keys(wanted).length === 0 && values.outer === undefined && values.entry === undefined) {
    throw badCommandLine('says nothing that should change; name --outer, --entry or --dialect');
  }
  const token = await readToken(file);
  const before = describeToken(token);
  const obstacles = signedDifferences(before.features, wanted);
  const rewrapped = rewrapToken(token, wrapperFrom(values, before.features.outer));
  if (!rewrapped.ok) throw badInput(`${inputName(file)}: ${rewrapped.error}`);
  if (obstacles.length > 0) {
    if (json) terminal.json({ rewrapped: false, obstacles });
    else {
      terminal.print(
        'not re-wrapped: signatures cover what would have to change, and only their keys can make new ones',
      );
      for (const { part, found = 'not shown', wanted: asked, place, signed_with: keys } of obstacles) {
        terminal.print(
          oneLine(`  ${part}: ${found}, not ${asked}; ${place}, signed with the ${keys.join(' and the ')}`),
        );
      }
      terminal.print(
        '  --outer and --entry change the wrapper alone; swcca token --dialect makes a token of another dialect',
      );
    }
    return EXIT.no;
  }
  for (const label of rewrapped.untouched) terminal.note(`entry ${label} is not known and stays in the form it has`);
  const after = describeToken(rewrapped.token);
  const summary = {
    rewrapped: true,
    bytes: rewrapped.token.length,
    from: before.features.outer,
    to: after.features.outer,
    dialect: after.dialect,
  };
  if (out !== undefined && out !== '-') {
    writeOutput(out, rewrapped.token);
    if (json) terminal.json(summary);
    else
      terminal.print(
        `wrote ${out}: ${summary.bytes} bytes under tag ${summary.to}, was under ${summary.from ?? 'none'}; every signature as it was`,
      );
  } else if (json) terminal.json({ ...summary, token: toHex(rewrapped.token) });
  else terminal.binary(rewrapped.token, out === '-');
  return EXIT.ok;
};

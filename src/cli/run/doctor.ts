import { execFile } from 'node:child_process';
import { DEFAULT_PROFILE } from '../../machine/index.ts';
import { VERSION } from '../../platform/version.ts';
import { deviceProblem, FUSE_DEVICE, namespaceProblem } from '../../tsm/index.ts';
import type { CallOf } from '../command.ts';
import type { doctor } from '../commands/doctor.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { machineFileText } from '../machine-file.ts';

/** A program outside, what it is asked, and what needs it. Nothing but Node is needed for the emulator itself. */
interface Tool {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly needs: string;
}

const TOOLS: readonly Tool[] = [
  { name: 'OpenSSL', command: 'openssl', args: ['version'], needs: 'interop: a second opinion on signatures' },
  { name: 'Go', command: 'go', args: ['version'], needs: 'interop: the verifier veraison/ccatoken' },
  { name: 'Cargo', command: 'cargo', args: ['--version'], needs: 'interop: the verifier rust-ccatoken' },
  {
    name: 'apt',
    command: 'apt-get',
    args: ['--version'],
    needs: 'interop: a real arm64 kernel, from Debian’s packages',
  },
  { name: 'dpkg', command: 'dpkg-deb', args: ['--version'], needs: 'interop: unpacking that kernel' },
  {
    name: 'QEMU',
    command: 'qemu-system-aarch64',
    args: ['--version'],
    needs: 'swcca linux: an arm64 kernel as a Realm',
  },
  {
    name: 'setpriv',
    command: 'setpriv',
    args: ['--version'],
    needs: 'swcca tsm, swcca linux: what they start ends with them',
  },
];

/** What the system has to allow. */
const facilities = (): readonly Found[] => [
  { name: FUSE_DEVICE, needs: 'swcca tsm: the report tree', ...allowed(deviceProblem()) },
  {
    name: 'namespaces',
    needs: 'swcca tsm: a mount that only its program sees (user namespaces, unless root runs it)',
    ...allowed(namespaceProblem()),
  },
];
const allowed = (problem: string | undefined): Pick<Found, 'version' | 'lacks'> =>
  problem === undefined ? { version: 'can be used' } : { version: undefined, lacks: problem };

interface Found {
  readonly name: string;
  readonly version: string | undefined;
  readonly needs: string;
  /** Why it is not there, where the system says so. */
  readonly lacks?: string;
}

const ask = ({ name, command, args, needs }: Tool): Promise<Found> =>
  new Promise((resolve) => {
    execFile(command, args, { timeout: 5000 }, (error, stdout) =>
      resolve({ name, version: error === null ? (stdout.split('\n')[0]?.trim() ?? '') : undefined, needs }),
    );
  });

export const runDoctor = async ({ values, terminal }: CallOf<typeof doctor>): Promise<ExitCode> => {
  if (values.machine) {
    if (values.json) terminal.json(DEFAULT_PROFILE);
    else terminal.print(machineFileText(DEFAULT_PROFILE));
    return EXIT.ok;
  }
  const tools = [...(await Promise.all(TOOLS.map(ask))), ...facilities()];
  if (values.json) {
    terminal.json({
      swcca: VERSION,
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch,
      tools,
    });
    return EXIT.ok;
  }
  const { green, yellow } = terminal.paint;
  terminal.print(
    `swcca ${VERSION} on Node ${process.versions.node}, ${process.platform} ${process.arch}: the emulator needs nothing else`,
  );
  terminal.print('Optional tools:');
  for (const { name, version, needs, lacks } of tools) {
    const mark = version === undefined ? yellow('missing') : green('found  ');
    const says = version ?? lacks;
    terminal.print(`  ${mark}  ${name.padEnd(10)} ${needs}${says === undefined ? '' : `: ${says}`}`);
  }
  return EXIT.ok;
};

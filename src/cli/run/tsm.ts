import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import type { FaultPlan } from '../../fault/index.ts';
import { HostError } from '../../host/index.ts';
import {
  armCcaGuest,
  createFuseServer,
  createTree,
  fails,
  type ProgramEnd,
  type Provider,
  serveFolder,
  startWithReportTree,
  TsmUnavailable,
} from '../../tsm/index.ts';
import type { CallOf } from '../command.ts';
import type { tsm } from '../commands/tsm.ts';
import { badCommandLine, badInput, type ExitCode, NoAnswer } from '../exit.ts';
import { type Attester, bootAttester } from '../tsm/attester.ts';
import { treeFaults } from '../tsm/faults.ts';

/** Where a kernel that runs in a Realm shows its driver, or the device that the driver is for. */
const REAL_DRIVER = ['/sys/module/arm_cca_guest', '/sys/bus/platform/devices/arm-cca-dev'];

/** What a shell says of a program that a signal ended. */
const SIGNALLED = 128;

/** @throws {UsageError} where reports of a real Realm would be hidden, unless that is wanted. */
export const refuseRealDriver = (iKnow: boolean, exists: (path: string) => boolean = existsSync): void => {
  if (iKnow || !REAL_DRIVER.some((path) => exists(path))) return;
  throw badInput(
    'this machine has a real arm_cca_guest: its reports would be hidden; --i-know runs the program all the same',
  );
};

/** @throws {UsageError} where a plain folder cannot do what is asked. */
const checkFolder = (folder: string, plan: FaultPlan | undefined): void => {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw badInput(`--dir ${folder}: is no folder; make one, which becomes tsm/report`);
  }
  const inTree = plan?.faults.find(({ at }) => at.startsWith('tsm.'));
  if (inTree !== undefined) {
    throw badCommandLine(`--faults: ${inTree.at} needs the mounted tree, since files give no errno; leave --dir out`);
  }
};

/** A Host that gives up on its guest: whoever waits for a report of it would wait for ever, and is ended instead. */
const endedWith = (attest: Attester['attest']) => {
  let reason: string | undefined;
  let end = (): void => undefined;
  return {
    attest: ((challenge) => {
      try {
        return attest(challenge);
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        reason ??= error.message;
        end();
        return fails('EINTR');
      }
    }) satisfies Attester['attest'],
    /** What is ended. */
    watch(child: ChildProcess): void {
      end = () => void child.kill('SIGKILL');
    },
    get reason() {
      return reason;
    },
  };
};
type Watch = (child: ChildProcess) => void;

/** Runs a program beside a plain folder that is kept as tsm/report. */
const runWithFolder = async (
  command: readonly string[],
  folder: string,
  provider: Provider,
  watch: Watch,
): Promise<ProgramEnd> => {
  const [program = '', ...args] = command;
  const serving = serveFolder(folder, provider);
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(program, args, { stdio: 'inherit' });
      watch(child);
      child.on('error', (error) => reject(badInput(`${program}: cannot be started: ${error.message}`, error)));
      child.on('close', (code, signal) => resolve({ code, signal }));
    });
  } finally {
    serving.stop();
  }
};

const runMounted = async (
  command: readonly string[],
  { platform, attest }: Attester,
  watch: Watch,
): Promise<ProgramEnd> => {
  const faults = platform.faults === undefined ? undefined : treeFaults(platform.faults);
  const tree = createTree({ provider: armCcaGuest(attest), faults });
  try {
    const { child, end } = startWithReportTree(command, createFuseServer(tree));
    watch(child);
    return await end;
  } catch (error) {
    throw error instanceof TsmUnavailable ? badInput(error.message, error) : error;
  }
};

export const runTsm = async (call: CallOf<typeof tsm>): Promise<ExitCode> => {
  const { operands, values, terminal } = call;
  if (operands.length === 0) throw badCommandLine('CMD… is missing: swcca tsm -- PROGRAM [ARGUMENT…]');
  const { dir } = values;
  if (dir === undefined) refuseRealDriver(values['i-know']);
  const attester = await bootAttester(values, (text) => terminal.note(text));
  const { platform } = attester;
  const guest = endedWith(attester.attest);
  if (dir !== undefined) checkFolder(dir, platform.config.faults);
  const { code, signal } = await (dir === undefined
    ? runMounted(operands, { platform, attest: guest.attest }, guest.watch)
    : runWithFolder(operands, dir, armCcaGuest(guest.attest), guest.watch));
  const missing = platform.faults?.missing() ?? [];
  if (missing.length > 0) {
    throw new NoAnswer(`faults that had to act did not: ${missing.map(({ at }) => at).join(', ')}`);
  }
  if (guest.reason !== undefined) throw new NoAnswer(`${guest.reason}; the program was ended`);
  return (code ?? SIGNALLED + constants.signals[signal ?? 'SIGKILL']) as ExitCode;
};

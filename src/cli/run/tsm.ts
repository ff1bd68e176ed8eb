import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nodeCrypto } from '../../crypto/node.ts';
import { bufferPage, createVcpu, fetchToken, type Guest, HostError, launchRealm, runVcpu } from '../../host/index.ts';
import { armCcaGuest, createFuseServer, createTree, runWithReportTree, TsmUnavailable } from '../../tsm/index.ts';
import type { CallOf } from '../command.ts';
import type { tsm } from '../commands/tsm.ts';
import { badCommandLine, badInput, type ExitCode } from '../exit.ts';
import { fixturesFolder } from '../firmware-dir.ts';
import { bootMachine, readMachineSettings } from '../machine-settings.ts';
import { readRealm } from '../realm/index.ts';

/** Where a kernel that runs in a Realm shows its driver. */
const REAL_DRIVER = '/sys/module/arm_cca_guest';

/** What a shell says of a program that a signal ended. */
const SIGNALLED = 128;

/** A machine with one Realm whose guest waits for challenges, as a kernel with the driver does. */
const attester = async ({
  values,
  terminal,
}: CallOf<typeof tsm>): Promise<(challenge: Uint8Array) => Uint8Array | undefined> => {
  const settings = await readMachineSettings(values, nodeCrypto);
  const image = join(fixturesFolder(), 'payload', 'hello-realm.img');
  const payloads = values.realm === undefined ? [{ text: image, path: image, at: undefined }] : [];
  const none = { hash: undefined, rpv: undefined, extends: [], challenge: undefined };
  const input = await readRealm({ file: values.realm, payloads, ...none }, (text) => terminal.note(text));
  const platform = bootMachine(settings, nodeCrypto, undefined);
  const realm = launchRealm(platform, input.plan);
  await input.close();
  const [rec] = realm.recs;
  if (rec === undefined) throw badInput('the Realm has no REC that could attest');
  return (challenge) => {
    let token: Uint8Array | undefined;
    function* driver(): Guest {
      token = yield* fetchToken(challenge, bufferPage(input.plan));
    }
    try {
      runVcpu(platform, realm, createVcpu(rec, driver()));
    } catch (error) {
      // What the RMM refuses, the driver reports to its caller as an errno.
      if (!(error instanceof HostError)) throw error;
    }
    return token;
  };
};

export const runTsm = async (call: CallOf<typeof tsm>): Promise<ExitCode> => {
  const { operands, values } = call;
  if (operands.length === 0) throw badCommandLine('CMD… is missing: swcca tsm -- PROGRAM [ARGUMENT…]');
  if (existsSync(REAL_DRIVER) && !values['i-know']) {
    throw badInput(
      'this machine has a real arm_cca_guest: its reports would be hidden; --i-know runs the program all the same',
    );
  }
  const tree = createTree({ provider: armCcaGuest(await attester(call)) });
  try {
    const { code, signal } = await runWithReportTree(operands, createFuseServer(tree));
    return (code ?? SIGNALLED + (signal === null ? 0 : 1)) as ExitCode;
  } catch (error) {
    if (error instanceof TsmUnavailable) throw badInput(error.message, error);
    throw error;
  }
};

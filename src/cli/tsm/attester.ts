import { join } from 'node:path';
import { decodeRsiStatus, GRANULE } from '../../abi/index.ts';
import { concatBytes, toDoublewords } from '../../bytes/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import { bufferPage, call, createVcpu, type Guest, launchRealm, runVcpu } from '../../host/index.ts';
import type { Platform } from '../../platform/index.ts';
import { type Answer, fails, ok } from '../../tsm/index.ts';
import type { CallOf } from '../command.ts';
import { tsm } from '../commands/tsm.ts';
import { badInput } from '../exit.ts';
import { fixturesFolder } from '../firmware-dir.ts';
import { bootMachine, readMachineSettings } from '../machine-settings.ts';
import { parseCommandLine } from '../parse.ts';
import { readRealm } from '../realm/index.ts';

/** A driver that would go on for ever is given up: the kernel's would hold its caller. */
const MOST_CALLS = 1_000_000;

/**
 * What the kernel's arm-cca-guest driver does with a challenge of 64 bytes: EINVAL where INIT gives no bound, ENXIO where
 * CONTINUE fails, and a token that ends where the next piece would pass the bound.
 */
function* driver(challenge: Uint8Array, page: bigint): Guest<Answer<Uint8Array>> {
  const [started = 0n, bound = 0n] = yield* call('RSI_ATTESTATION_TOKEN_INIT', ...toDoublewords(challenge));
  if (decodeRsiStatus(started) !== 'RSI_SUCCESS' || bound === 0n) return fails('EINVAL');
  let token: Uint8Array = new Uint8Array();
  let calls = 0;
  for (;;) {
    let filled = 0n;
    let status: string | undefined;
    do {
      calls += 1;
      if (calls > MOST_CALLS) return fails('EINTR');
      const [answer = 0n, written = 0n] = yield* call('RSI_ATTESTATION_TOKEN_CONTINUE', page, filled, GRANULE - filled);
      status = decodeRsiStatus(answer);
      filled += written;
    } while (status === 'RSI_INCOMPLETE' && filled < GRANULE);
    if (status !== 'RSI_SUCCESS' && status !== 'RSI_INCOMPLETE') return fails('ENXIO');
    if (BigInt(token.length) + filled > bound || filled > GRANULE) return ok(token);
    if (filled > 0n) {
      const { bytes = new Uint8Array() } = yield { access: 'read', ipa: page, length: Number(filled) };
      token = concatBytes(token, bytes);
    }
    if (status === 'RSI_SUCCESS') return ok(token);
  }
}

/** A machine with one Realm whose kernel has the driver. */
export interface Attester {
  readonly platform: Platform;
  readonly attest: (challenge: Uint8Array) => Answer<Uint8Array>;
}

/** The machine that options describe; `note` takes what a user should know about it, a line each. */
export const bootAttester = async (
  values: CallOf<typeof tsm>['values'],
  note: (text: string) => void,
): Promise<Attester> => {
  const settings = await readMachineSettings(values, nodeCrypto, undefined, note);
  const image = join(fixturesFolder(), 'payload', 'hello-realm.img');
  const payloads = values.realm === undefined ? [{ text: image, path: image, at: undefined }] : [];
  const none = { hash: undefined, rpv: undefined, extends: [], challenge: undefined };
  const input = await readRealm({ file: values.realm, payloads, ...none }, note);
  const platform = bootMachine(settings, nodeCrypto, undefined);
  const realm = launchRealm(platform, input.plan);
  await input.close();
  const [rec] = realm.recs;
  if (rec === undefined) throw badInput('the Realm has no REC that could attest');
  const page = bufferPage(input.plan);
  return {
    platform,
    attest(challenge) {
      let answer: Answer<Uint8Array> = fails('ENXIO');
      function* guest(): Guest {
        answer = yield* driver(challenge, page);
      }
      runVcpu(platform, realm, createVcpu(rec, guest()));
      return answer;
    },
  };
};

/** The machine that `swcca tsm` has when no option is given. */
export const bootDefaultAttester = (): Promise<Attester> => {
  const { values } = parseCommandLine(tsm, ['--', 'true']);
  return bootAttester(values as CallOf<typeof tsm>['values'], () => undefined);
};

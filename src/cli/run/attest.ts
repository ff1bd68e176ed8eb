import { equalBytes, toHex, utf8 } from '../../bytes/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import { type Explanation, explainToken } from '../../explain/index.ts';
import { SIMULATED_MARK } from '../../hes/index.ts';
import { verifyToken } from '../../verify/index.ts';
import { attestOn, readRealmOptions } from '../attest.ts';
import type { CallOf } from '../command.ts';
import type { attest } from '../commands/attest.ts';
import { badCommandLine, badInput, EXIT, type ExitCode } from '../exit.ts';
import { readKey } from '../io/key.ts';
import { inputName } from '../io/read.ts';
import { oneLine, type Terminal } from '../io/terminal.ts';
import { readToken } from '../io/token.ts';
import { signatureProblem } from '../jws.ts';
import { bootMachine, readMachineSettings } from '../machine-settings.ts';
import type { JsonObject } from '../net/json-answer.ts';
import { attestToKbs } from '../net/kbs.ts';
import { isLoopback } from '../net/request.ts';
import type { Attestation, AttestTo, Evidence } from '../net/service.ts';
import { attestToVeraison } from '../net/veraison.ts';
import { knobsFrom } from '../options/dialect.ts';

type AttestCall = CallOf<typeof attest>;

const SERVICES: Readonly<Record<'veraison' | 'kbs', AttestTo>> = { veraison: attestToVeraison, kbs: attestToKbs };
/** The model that knows what each of them says. */
const MODELS = { veraison: 'veraison', kbs: 'trustee' } as const;

type EvidenceFor = (nonce: Uint8Array) => Promise<Evidence>;

/**
 * Boots a machine whose Realm is launched and attests for a nonce. When this returns, nothing has gone anywhere.
 *
 * @throws {UsageError} INPUT when published sample keys would sign what goes beyond this machine
 */
const fromMachine = async ({ values, terminal }: AttestCall, mayGo: boolean): Promise<EvidenceFor> => {
  const settings = await readMachineSettings(values, nodeCrypto, knobsFrom(values), (text) => terminal.note(text));
  const platform = bootMachine(settings, nodeCrypto, undefined);
  const isSample = platform.hes.status().cpak === undefined || platform.config.device.roots === 'islet';
  if (isSample && !mayGo) {
    throw badInput(
      'this HES signs with published sample keys, which others may trust: nothing is sent without --i-know',
    );
  }
  return async (nonce) => {
    const realm = await readRealmOptions({ ...values, challenge: { from: 'bytes', bytes: nonce } }, terminal);
    try {
      return attestOn(platform, settings, realm, values.entropy).fetched;
    } finally {
      realm.close();
    }
  };
};

const MARK = utf8(SIMULATED_MARK);

/**
 * A token that is there, whatever the nonce is.
 *
 * @throws {UsageError} INPUT when it would go beyond this machine and does not say that it is simulated
 */
const fromFile = async (file: string, mayGo: boolean): Promise<EvidenceFor> => {
  const token = await readToken(file);
  const id = verifyToken(token, { crypto: nodeCrypto }).claims.platform?.implementation_id;
  if (id !== undefined && !equalBytes(id.subarray(0, MARK.length), MARK) && !mayGo) {
    throw badInput(
      `${inputName(file)}: is not marked as simulated, so others may trust it: nothing is sent without --i-know`,
    );
  }
  return async () => ({ token });
};

/** The status of each part, in an EAR or in what Trustee makes of one. */
const statusesOf = (claims: JsonObject): readonly (readonly [name: string, part: JsonObject])[] => {
  const { submods } = claims;
  if (typeof submods !== 'object' || submods === null) return [];
  return Object.entries(submods).filter(
    (entry): entry is [string, JsonObject] => typeof entry[1] === 'object' && entry[1] !== null,
  );
};

const isAffirming = (claims: JsonObject): boolean => {
  const statuses = statusesOf(claims).map(([, part]) => part['ear.status']);
  return statuses.length > 0 && statuses.every((status) => status === 'affirming');
};

const printPart = (name: string, part: JsonObject, { print }: Terminal): void => {
  print(oneLine(`  ${name}: ${String(part['ear.status'])}`));
  const vector = part['ear.trustworthiness-vector'];
  if (typeof vector === 'object' && vector !== null) {
    for (const [claim, value] of Object.entries(vector)) {
      if (value !== 0) print(oneLine(`    ${claim.padEnd(17)} ${String(value).padStart(3)}`));
    }
  }
  const policy = part['ear.veraison.policy-claims'] as JsonObject | undefined;
  if (typeof policy?.['problem'] === 'string') print(oneLine(`    problem: ${policy['problem']}`));
};

/** Whether the service signed its result: with which key, and why not. */
interface Signed {
  readonly keyFile: string;
  readonly problem: string | undefined;
}

const printResult = (
  { claims, nonce }: Attestation,
  signed: Signed | undefined,
  explanation: Explanation | undefined,
  terminal: Terminal,
): void => {
  const { paint, print } = terminal;
  print(paint.bold(isAffirming(claims) ? paint.green('affirming') : paint.red('not affirming')));
  if (signed?.problem !== undefined) print(paint.red(`not signed with ${signed.keyFile}: ${signed.problem}`));
  else print(signed === undefined ? '  signature not checked' : `  signed with ${signed.keyFile}`);
  print(`  nonce ${toHex(nonce)}`);
  for (const [name, part] of statusesOf(claims)) printPart(name, part, terminal);
  if (explanation === undefined) return;
  const { accepted, rule, says, advice } = explanation;
  print(accepted ? 'swcca expects that the token itself is taken' : `swcca expects a refusal by ${rule}: ${says}`);
  if (advice !== undefined) print(`  to do: ${advice}`);
};

export const runAttest = async (call: AttestCall): Promise<ExitCode> => {
  const { values, terminal } = call;
  const { to, token: file, timeout, json, 'result-key': keyFile } = values;
  if (to === undefined) throw badCommandLine('--to is missing: veraison:URL or kbs:URL');
  const key = keyFile === undefined ? undefined : await readKey(keyFile);
  const timeoutMs = timeout * 1000;
  const nowMs = (): number => performance.now();
  // To this machine alone, or further because the user says so.
  const mayGo = isLoopback(to.url) || values['i-know'];
  const evidence = file === undefined ? await fromMachine(call, mayGo) : await fromFile(file, mayGo);
  const attestation = await SERVICES[to.service](to.url, {
    timeoutMs,
    deadlineMs: nowMs() + timeoutMs,
    nowMs,
    evidence,
  });
  const { token, nonce, claims, result } = attestation;
  const signed =
    keyFile === undefined || key === undefined ? undefined : { keyFile, problem: await signatureProblem(result, key) };
  const challenge = new Uint8Array(64);
  challenge.set(nonce);
  const explanation = explainToken({ token, key: undefined, challenge, crypto: nodeCrypto }).find(
    ({ verifier }) => verifier === MODELS[to.service],
  );
  if (json) {
    terminal.json({
      service: to.service,
      url: to.url.href,
      nonce: toHex(nonce),
      token: toHex(token),
      result,
      claims,
      signed: signed === undefined ? null : signed.problem === undefined,
      explanation,
    });
  } else printResult(attestation, signed, explanation, terminal);
  return isAffirming(claims) && signed?.problem === undefined ? EXIT.ok : EXIT.no;
};

import { decodeRmiResult, type RmiResult, rmiResultText } from '../abi/index.ts';
import { hexNumber } from '../bytes/index.ts';
import type { Platform } from '../platform/index.ts';
import { type CommandSet, RMM_1_0 } from '../rmm/index.ts';
import type { Registers } from '../trace/index.ts';

/** A step of a Host that the RMM, or the Host itself, cannot take. The code is for programs, the sentence for people. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly code: 'RMI_REFUSED' | 'OUT_OF_MEMORY' | 'PLAN_IMPOSSIBLE' | 'GUEST_FAILED' | 'DENIED';
  /** What the RMM answered, where it did. */
  readonly result: RmiResult | undefined;

  constructor(code: HostError['code'], message: string, result?: RmiResult) {
    super(message);
    this.code = code;
    this.result = result;
  }
}

const FIDS: ReadonlyMap<string, bigint> = new Map(
  (RMM_1_0 satisfies CommandSet).rmi.map(({ name, fid }) => [name.replace(/^RMI_/, ''), BigInt(fid)]),
);

/** The function identifier of an RMI command by its name without prefix. */
export const rmiFid = (name: string): bigint => {
  const fid = FIDS.get(name);
  if (fid === undefined) throw new HostError('PLAN_IMPOSSIBLE', `there is no command RMI_${name}`);
  return fid;
};

/** What a command answered: its return code, and its result registers. */
export interface RmiAnswer {
  readonly result: RmiResult;
  readonly x: Registers;
}

/** A PE on which no Realm runs: the Host makes its calls there. */
const idlePe = ({ rmm }: Platform): number => {
  let pe = 0;
  while (rmm.state.running(pe) !== undefined) pe += 1;
  return pe;
};

/** Issues an RMI command other than REC_ENTER. */
export const tryRmi = (platform: Platform, name: string, ...args: readonly bigint[]): RmiAnswer => {
  const reply = platform.smc([rmiFid(name), ...args], idlePe(platform));
  const result = reply.kind === 'return' ? decodeRmiResult(reply.x[0] ?? 0n) : undefined;
  if (reply.kind !== 'return' || result === undefined) {
    throw new HostError('RMI_REFUSED', `RMI_${name}: the monitor does not answer`);
  }
  return { result, x: reply.x };
};

/** Issues an RMI command that has to succeed. @returns its result registers. @throws {HostError} */
export const callRmi = (platform: Platform, name: string, ...args: readonly bigint[]): Registers => {
  const { result, x } = tryRmi(platform, name, ...args);
  if (result.status !== 'RMI_SUCCESS') {
    const shown = args.map((arg) => hexNumber(arg)).join(', ');
    throw new HostError('RMI_REFUSED', `RMI_${name}(${shown}) answered ${rmiResultText(result)}`, result);
  }
  return x;
};

import { functionId, type PsciStatus } from '../abi/index.ts';
import { fromDoublewords } from '../bytes/index.ts';
import { type Act, callSeams, type Seam } from '../fault/index.ts';
import type { Platform } from '../platform/index.ts';
import { RMM_1_0 } from '../rmm/index.ts';
import type { Registers } from '../trace/index.ts';
import type { HostPolicy } from './exits.ts';
import { HostError } from './rmi.ts';

const NAMES: ReadonlyMap<number, string> = new Map(
  [...RMM_1_0.rsi, ...RMM_1_0.psci].map(({ name, fid }) => [fid, name]),
);

const denied = (seam: Seam): HostError =>
  new HostError('DENIED', `the Host denies service, as its fault plan says at ${seam}`);

/** A Host that does what the machine's fault plan says at its seams, and otherwise what the policy says. */
export const faultyPolicy = (platform: Platform, policy: HostPolicy = {}): HostPolicy => {
  const { faults } = platform;
  if (faults === undefined) return policy;

  /** What is due at a seam. @throws {HostError} where the Host does nothing any more. */
  const due = (seam: Seam, carried: readonly Uint8Array[] = []): readonly Act[] => {
    const acts = faults.due(seam, carried);
    if (acts.some(({ deny }) => deny)) throw denied(seam);
    return acts;
  };
  const rejects = (seam: Seam): boolean => due(seam).some(({ reject }) => reject);

  return {
    ...policy,
    beforeSmc(x, pe, realm) {
      const name = NAMES.get(functionId(x[0] ?? 0n) ?? -1);
      let left: Registers | undefined;
      for (const act of callSeams('host.smc', name).flatMap((seam) => due(seam, [fromDoublewords(x)]))) {
        const { interrupt, destroy } = act;
        if (destroy !== undefined) realm.destroyPage(destroy);
        if (interrupt === undefined) continue;
        // An interrupt that shows at once takes the PE away, and one is enough for that.
        if (left === undefined) left = platform.interrupt(interrupt.kind, { pe, polls: interrupt.polls });
      }
      return left;
    },
    hostCall(imm, gprs) {
      const answer = policy.hostCall?.(imm, gprs) ?? gprs;
      return due('host.hostCall')
        .flatMap(({ set = [] }) => set)
        .reduce((out, { x, value }) => out.with(x, value), [...answer]);
    },
    mmio(ipa, write, size) {
      const acts = due('host.mmio');
      if (acts.some(({ reject }) => reject)) return undefined;
      // The RMM takes the value from X0, whatever else is there.
      const answer = acts.flatMap(({ set = [] }) => set).findLast(({ x }) => x === 0);
      return answer === undefined ? policy.mmio?.(ipa, write, size) : answer.value;
    },
    grantRipas: (base, top, ripas) => !rejects('host.ripasChange') && policy.grantRipas?.(base, top, ripas) !== false,
    givePage(ipa) {
      due('host.page');
      policy.givePage?.(ipa);
    },
    completePsci: (): PsciStatus =>
      rejects('host.psci') ? 'PSCI_DENIED' : (policy.completePsci?.() ?? 'PSCI_SUCCESS'),
  };
};

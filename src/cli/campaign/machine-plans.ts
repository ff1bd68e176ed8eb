import { E_RMM, type ERmm, PSA_STATUS, type PsaError } from '../../abi/index.ts';
import type { Entropy } from '../../crypto/index.ts';
import { isOutside, type RegisterValue, SEAMS, type Seam } from '../../fault/index.ts';
import { TOKEN_CLAIM_LABELS } from '../../token/index.ts';
import { below, oneOf } from './draw.ts';
import { planInputs } from './plan-inputs.ts';

const PSA_ERRORS = Object.keys(PSA_STATUS).filter((name): name is PsaError => name !== 'PSA_SUCCESS');
const E_RMMS = Object.keys(E_RMM) as ERmm[];
const LABELS = Object.values(TOKEN_CLAIM_LABELS.platform);

/** Statuses, lengths and bounds at which clients go wrong, and an address of a Realm. */
const VALUES: readonly bigint[] = [
  ...[0n, 1n, 2n, 3n, 4n, 5n, 7n, 64n, 255n, 4095n, 4096n, 4097n, 8192n, 0x8000_0000n],
  ...[(1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 4096n, (1n << 64n) - 1n],
];
const [LOW, ALL] = [4, 18];

const register = (entropy: Entropy, lowest: number): RegisterValue => {
  const x = Math.max(lowest, below(entropy, below(entropy, 4) === 0 ? ALL : LOW));
  return { x, value: oneOf(entropy, VALUES) };
};

const set = (x: number, ...values: readonly bigint[]) => values.map((value) => ({ set: [{ x, value }] }));
const args = (x: number, ...values: readonly bigint[]) => values.map((value) => ({ args: [{ x, value }] }));

const machineSeams = (Object.keys(SEAMS) as Seam[]).filter((seam) => !seam.startsWith('tsm.'));
/** Calls of the guest itself, where a client sees most of what goes wrong. */
const nearSeams = machineSeams.filter((seam) => isOutside(seam) || seam.startsWith('rmm.rsi'));
const NEARER = 4;

/**
 * Fault plans for a live machine: from HES to the Host. A Host that denies service is not drawn, since its guest never
 * runs again and shows nothing.
 */
export const machinePlans = planInputs({
  seams: [...machineSeams, ...Array.from({ length: NEARER }, () => nearSeams).flat()],
  draws: {
    interrupt: (entropy) => ({
      interrupt: { kind: oneOf(entropy, ['IRQ', 'FIQ', 'SERROR']), polls: oneOf(entropy, [0, 1, 1, 2, 5]) },
    }),
    reject: () => ({ reject: true }),
    args: (entropy) => ({ args: [register(entropy, 1)] }),
    set: (entropy) => ({ set: [register(entropy, 0)] }),
    skip: () => ({ skip: true }),
    reset: () => ({ reset: true }),
    fail: (entropy) => ({ fail: oneOf(entropy, PSA_ERRORS) }),
    status: (entropy) => ({ status: oneOf(entropy, E_RMMS) }),
    flipRequest: (entropy) => ({ flipRequest: below(entropy, 256) }),
    write: (entropy) => ({ write: { at: below(entropy, 4000), bytes: entropy.bytes(8) } }),
    flip: (entropy) => ({ flip: below(entropy, 20_000) }),
    truncate: (entropy) => ({ truncate: oneOf(entropy, [0, 1, 32, 100, 2000]) }),
    pad: (entropy) => ({ pad: oneOf(entropy, [1, 64, 4096]) }),
    replace: (entropy) => ({ replace: entropy.bytes(oneOf(entropy, [0, 1, 97, 2000])) }),
    claims: (entropy) => {
      const label = oneOf(entropy, LABELS);
      return {
        claims: oneOf(entropy, [{ omit: label }, { repeat: label }, { set: label, value: below(entropy, 300) }]),
      };
    },
  },
  plain: {
    interrupt: [{ interrupt: { kind: 'IRQ', polls: 0 } }, { interrupt: { kind: 'IRQ', polls: 1 } }],
    reject: [{ reject: true }],
    args: [...args(1, 1n), ...args(2, 4096n), ...args(3, 0n, 1n, 100n)],
    set: [...set(0, 1n, 2n, 3n, 4n, (1n << 64n) - 1n), ...set(1, 0n, 64n, 4097n, 1n << 63n), ...set(2, 255n)],
    skip: [{ skip: true }],
    reset: [{ reset: true }],
    fail: [{ fail: 'PSA_ERROR_GENERIC_ERROR' }],
    status: [{ status: 'E_RMM_UNK' }],
    flipRequest: [{ flipRequest: 0 }],
    write: [{ write: { at: 0, bytes: new Uint8Array(8).fill(0xff) } }],
    flip: [{ flip: 0 }],
    truncate: [{ truncate: 0 }],
    pad: [{ pad: 4096 }],
    replace: [{ replace: new Uint8Array() }],
    claims: [{ claims: { omit: LABELS[0] ?? 0 } }],
  },
  // The first call into a page is made twice where the Host has not given it yet, and counts twice.
  whens: [{ nth: [{ from: 1, to: 2 }] }, { always: true }],
  passing: (fault) => fault,
});

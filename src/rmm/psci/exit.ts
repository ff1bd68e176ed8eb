import type { Exit } from '../realm/exit.ts';

/** The exit by which a PSCI call reaches the Host: its function and what the Host may know of its arguments. */
export const psciExit = (fid: number, ...args: readonly bigint[]): Exit => ({
  exit_reason: 'PSCI',
  gprs: [BigInt(fid), ...args],
});

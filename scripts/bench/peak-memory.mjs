import { existsSync, readFileSync } from 'node:fs';

const STATUS = '/proc/self/status';

/**
 * Peak resident memory of this process, in bytes. Linux counts what its parent held before it became a process of its
 * own into `maxRSS`; the high-water mark of the address space does not have that.
 */
export const peakMemory = () => {
  const mark = existsSync(STATUS) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(STATUS, 'utf8'))?.[1] : undefined;
  return 1024 * Number(mark ?? process.resourceUsage().maxRSS);
};

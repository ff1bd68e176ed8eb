// Preloaded into a run of the command line: leaves the most memory it held, in KiB, where the test asks for it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const STATUS = '/proc/self/status';

/** The peak of this process alone: what `resourceUsage` says counts the parent's memory from before the exec too. */
const peakKiB = () => {
  const own = existsSync(STATUS) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(STATUS, 'utf8'))?.[1] : undefined;
  return own ?? String(process.resourceUsage().maxRSS);
};

process.on('exit', () => writeFileSync(process.env.PEAK_MEMORY_FILE, peakKiB()));

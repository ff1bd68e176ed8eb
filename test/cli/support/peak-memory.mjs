// Preloaded into a run of the command line: leaves the most memory it held, in KiB, where the test asks for it.
import { writeFileSync } from 'node:fs';

process.on('exit', () => writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS)));

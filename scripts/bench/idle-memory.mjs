/** Prints the peak resident memory of a process that does nothing, in bytes. */
import { peakMemory } from './peak-memory.mjs';

process.stdout.write(String(peakMemory()));

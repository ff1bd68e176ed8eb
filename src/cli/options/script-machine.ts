import { machineOptions } from './machine.ts';

const { seed, group, firmware, dialect, machine } = machineOptions;

/** What the machine of a script is. What is left to an implementation is for the script or its personality to say. */
export const scriptMachineOptions = { seed, group, firmware, dialect, machine } as const;

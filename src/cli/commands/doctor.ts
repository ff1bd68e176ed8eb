import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { common, json } from '../options/common.ts';
import { flag } from '../options/values.ts';

export const doctor = cli({
  summary: 'Say what this machine can run: Node, and the tools that other verifiers and guests need.',
  operands: [],
  options: {
    machine: flag('print the profile of the emulated machine instead, as the file that --machine takes'),
    ...json,
    ...common,
  },
  examples: [
    ['doctor', 'which of the optional tools are here'],
    ['doctor --machine > machine.yaml', 'a machine profile to edit'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/doctor.ts')).runDoctor(call),
});

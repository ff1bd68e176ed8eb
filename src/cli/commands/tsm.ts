import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { common } from '../options/common.ts';
import { machineOptions } from '../options/machine.ts';
import { platformOptions } from '../options/platform.ts';
import { path } from '../options/values.ts';

export const tsm = cli({
  summary: 'Run an unmodified Linux program that sees an emulated /sys/kernel/config/tsm/report.',
  operands: [{ name: 'CMD…', help: 'the program and its arguments', rest: true }],
  options: {
    realm: path('the Realm that attests (YAML); by default the demo Realm'),
    dir: path(
      'where nothing can be mounted: keep this plain folder as tsm/report, for a program that can be told of it',
      {
        value: 'DIR',
      },
    ),
    'i-know': { kind: 'flag', help: 'run although this machine has a real arm_cca_guest' },
    ...machineOptions,
    ...platformOptions,
    faults: path(
      'a fault plan (YAML): what goes wrong in the tree and below it; exit 1 when a fault that has to act does not',
    ),
    ...common,
  },
  examples: [
    ['tsm -- ls /sys/kernel/config/tsm/report', 'the tree, empty'],
    [
      `tsm -- sh -c 'cd /sys/kernel/config/tsm/report && mkdir r && head -c 64 /dev/zero > r/inblob && wc -c r/outblob'`,
      'a report by hand',
    ],
    ['tsm --faults plan.yaml -- ./my-client', 'a client whose calls are interrupted, raced or cut short'],
    ['tsm --dir reports -- ./my-client --reports reports', 'without a mount, for a client that waits for its answer'],
    ['tsm --chunk 100 -- env', 'a program of yours in place of env, with a token in many pieces behind the tree'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/tsm.ts')).runTsm(call),
});

import { INPUT } from '../../abi/index.ts';
import type { rmi } from '../../rmm/index.ts';
import { withCondition } from '../../spec/index.ts';
import { rel0 } from '../evidence.ts';
import type { FrameOf } from '../frame.ts';
import type { Deviation } from '../personality.ts';

type DataCreate = FrameOf<typeof rmi.dataCreate>;

export const DATA_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'D3',
    title: 'SBZ bits of RmiDataFlags are refused',
    commands: ['RMI_DATA_CREATE'],
    rule: 'RMM 1.0 B4.2, B4.4.2',
    standing: 'divergent',
    specification: 'Bits [63:1] of flags are SBZ: the RMM ignores them.',
    implementation: 'flags other than 0 and 1 are RMI_ERROR_INPUT, before anything else is looked at.',
    references: [rel0('runtime/rmi/rtt.c', 'smc_data_create')],
    change: {
      commands: {
        RMI_DATA_CREATE: (command) =>
          withCondition(
            command,
            'flags_valid',
            { pre: ({ flags }: DataCreate) => flags > 1n, post: INPUT, says: 'flags has a bit that is SBZ' },
            'src_align',
          ),
      },
    },
  },
];

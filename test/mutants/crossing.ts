import { REC_EXIT_OFFSET, RmiRecExit, RsiHostCall } from '../../src/abi/index.ts';
import type { Platform } from '../../src/platform/index.ts';
import type { Rec } from '../../src/rmm/index.ts';
import type { RmmState } from '../../src/rmm/model/state.ts';
import type { Mutant } from './mutant.ts';

/** Exchanges methods of one monitor for others, which are told whether a command is under way. */
const patch = (
  { rmm: { state } }: Platform,
  methods: {
    readonly updateRec?: (rec: bigint, change: Partial<Rec>, go: RmmState['updateRec']) => void;
    readonly write?: (pa: bigint, bytes: Uint8Array, go: RmmState['write']) => void;
    readonly setRunning?: () => void;
  },
): void => {
  let inCommand = false;
  const { journal } = state;
  const own = <K extends string>(target: object, name: K, value: unknown): void => {
    Object.defineProperty(target, name, { value, configurable: true });
  };
  const begin = journal.begin.bind(journal);
  const end = journal.end.bind(journal);
  own(journal, 'begin', () => {
    inCommand = true;
    begin();
  });
  own(journal, 'end', () => {
    inCommand = false;
    end();
  });
  const updateRec = state.updateRec.bind(state);
  const write = state.write.bind(state);
  if (methods.updateRec !== undefined) {
    const changed = methods.updateRec;
    own(state, 'updateRec', (rec: bigint, change: Partial<Rec>) =>
      inCommand ? updateRec(rec, change) : changed(rec, change, updateRec),
    );
  }
  if (methods.write !== undefined) {
    const changed = methods.write;
    own(state, 'write', (pa: bigint, bytes: Uint8Array) => (inCommand ? write(pa, bytes) : changed(pa, bytes, write)));
  }
};

/** What entry, exit and the acts of a Realm change of a REC, besides what commands do. */
const REC_MEMBERS = [
  'state',
  'gprs',
  'pc',
  'abort',
  'exception',
  'completes',
  'host_call_pending',
  'ripas_addr',
  'ripas_top',
] as const satisfies readonly (keyof Rec)[];

const EXIT_MEMBERS = Object.keys(RmiRecExit.members) as (keyof typeof RmiRecExit.members)[];

const isExit = (pa: bigint, bytes: Uint8Array): boolean =>
  bytes.length === RmiRecExit.size && pa % 0x1000n === BigInt(REC_EXIT_OFFSET);
const HOST_CALL_REGISTERS = RsiHostCall.size - RsiHostCall.members.gprs.offset;

const mutant = (what: string, alter: (platform: Platform) => void): Mutant => ({
  id: `entry and exit: ${what}`,
  kind: 'entry and exit',
  command: undefined,
  alter,
});

/** What is taken away from entries, exits and accesses of Realms, which are no commands. */
export const crossingMutants = (): readonly Mutant[] => [
  ...REC_MEMBERS.map((member) =>
    mutant(`${member} of the REC is left as it is`, (platform) =>
      patch(platform, {
        updateRec: (rec, change, go) => {
          const { [member]: _, ...rest } = change;
          go(rec, rest);
        },
      }),
    ),
  ),
  ...EXIT_MEMBERS.map((member) =>
    mutant(`the exit does not say ${member}`, (platform) =>
      patch(platform, {
        write: (pa, bytes, go) => {
          if (!isExit(pa, bytes)) return go(pa, bytes);
          const { [member]: _, ...rest } = RmiRecExit.decode(bytes);
          go(pa, RmiRecExit.encode(rest));
        },
      }),
    ),
  ),
  mutant('the exit is not written', (platform) =>
    patch(platform, { write: (pa, bytes, go) => (isExit(pa, bytes) ? undefined : go(pa, bytes)) }),
  ),
  mutant('a host call does not get its registers back', (platform) =>
    patch(platform, { write: (pa, bytes, go) => (bytes.length === HOST_CALL_REGISTERS ? undefined : go(pa, bytes)) }),
  ),
  mutant('a store of a Realm is not carried out', (platform) =>
    patch(platform, {
      write: (pa, bytes, go) => (isExit(pa, bytes) || bytes.length === HOST_CALL_REGISTERS ? go(pa, bytes) : undefined),
    }),
  ),
];

import { Bug } from '../../src/bytes/index.ts';
import type { Platform } from '../../src/platform/index.ts';
import type { RmmState } from '../../src/rmm/index.ts';
import { realmCall } from '../../src/rmm/realm/call.ts';
import { createSession, parseScript, SPEC } from '../../src/script/index.ts';
import { type Command, frameOf, prepare } from '../../src/spec/index.ts';
import { options } from '../script/support.ts';

/** Realms in every state, RECs in every state, tables of every kind, and granules that nobody uses. */
const SCENE = `
machine rec_aux_count=1 max_recs_order=2 pa_width=52 s2sz=52 wipe_fill=0xa5 dram=[0x80000000, 256MiB, 1 << 50, 1MiB]

# A Realm that is being built: free, mapped and destroyed pages, a full list of RECs.
realm n { state=NEW recs=3 pages=2 }
rmi DATA_DESTROY $n.rd 0x1000
let t = granule
rmi GRANULE_DELEGATE $t
rmi RTT_CREATE $n.rd $t 2MiB 3
realm m { state=NEW recs=1 pages=0 flags=lpa2 s2sz=50 rtt_level_start=0 rtt_num_start=4 }

# One that runs: a REC on PE 1, one that waits for PSCI, one that asked for a RIPAS change, one that is off, MMIO.
realm a { recs=3 pages=4 }
let u = granule(4)
for i in 0..3 rmi GRANULE_DELEGATE $u + $i * 4KiB
rmi RTT_CREATE $a.rd $u 1 << 39 1
rmi RTT_CREATE $a.rd $u + 4KiB 1 << 39 2
rmi RTT_CREATE $a.rd $u + 8KiB 1 << 39 3
rmi RTT_CREATE $a.rd $u + 12KiB 4MiB 3
rmi RTT_MAP_UNPROTECTED $a.rd (1 << 39) + 4KiB 3 0x80003000
rmi RTT_MAP_UNPROTECTED $a.rd (1 << 39) + 2MiB 2 0x80200000
rmi DATA_DESTROY $a.rd 0x3000
pe 1
enter $a.rec1
pe 0
enter $a.rec0
psci CPU_ON 1 0x1000 0
enter $a.rec2
rsi IPA_STATE_SET 0x1000 0x4000 EMPTY 0

realm b { recs=3 pages=2 }
enter $b.rec0
rsi IPA_STATE_SET 0x1000 0x2000 RAM 1
enter $b.rec1
load u64 at 1 << 39 into x1
enter $b.rec2
psci CPU_OFF

# One that is off.
realm c { recs=1 pages=1 }
enter $c.rec0
psci SYSTEM_OFF

# One whose RECs call: with a token under way on one of them.
realm d { recs=2 pages=4 }
pe 2
enter $d.rec0
rsi ATTESTATION_TOKEN_INIT "challenge"
pe 3
enter $d.rec1
pe 0

let free = granule(8)
let delegated = granule(8)
for i in 0..7 rmi GRANULE_DELEGATE $delegated + $i * 4KiB
let params = granule(8)
write RmiRealmParams at $params { s2sz=40 num_bps=1 num_wps=1 vmid=20 rtt_base=$delegated rtt_num_start=1 }
write RmiRealmParams at $params + 0x1000 { s2sz=40 vmid=1 hash_algo=7 rtt_base=$delegated + 4KiB rtt_num_start=3 }
write RmiRealmParams at $params + 0x2000 { s2sz=99 num_bps=1 num_wps=1 vmid=1 rtt_base=$free rtt_num_start=2 flags=7 }
write RmiRecParams at $params + 0x3000 { mpidr=3 num_aux=1 aux[0]=$delegated + 4KiB }
write RmiRecParams at $params + 0x4000 { mpidr=1 num_aux=2 aux=[$delegated + 1, $delegated] }
write RmiRecParams at $params + 0x5000 { mpidr=2 num_aux=1 aux[0]=$free flags=runnable }
write RmiRecEnter at $params + 0x6000 { flags=emul_mmio|inject_sea gicv3_hcr=1 }
write RmiRecEnter at $params + 0x7000 { gicv3_lrs[0]=3 << 61 }
`;

export interface World {
  readonly platform: Platform;
  readonly names: ReadonlyMap<string, bigint>;
}

const script = parseScript(SCENE);

/** The scene, on a machine of its own. */
export const createWorld = (): World => {
  const session = createSession({ base: options.base, personality: SPEC });
  for (const statement of script.statements) {
    const { outcome, mismatches } = session.run(statement);
    if (mismatches.length > 0 || outcome?.kind === 'fault') throw new Error(`${statement.text}: ${outcome?.text}`);
  }
  if (script.problems.length > 0 || session.platform === undefined) throw new Error(JSON.stringify(script.problems));
  return { platform: session.platform, names: session.names as ReadonlyMap<string, bigint> };
};

const contiguous = (base: bigint): bigint[] => Array.from({ length: 8 }, (_, i) => base + BigInt(i) * 0x1000n);

/** Values that mean something in the scene, by what an input is for. */
export const valuesOf = (world: World) => {
  const named = (pattern: RegExp): bigint[] =>
    [...world.names].flatMap(([name, at]) => (pattern.test(name) ? [at] : []));
  const list = (name: string): bigint[] => contiguous(world.names.get(name) ?? 0n);
  const rds = named(/\.rd$/);
  const recs = named(/\.rec\d$/);
  const hosts = [...named(/\.(?:run\d|page)$/), ...list('params'), ...list('free')];
  const delegated = [...list('delegated'), 1n << 50n];
  // A device, the Secure world, memory that some Realms cannot reach, and memory that nobody has.
  const odd = [0x0900_0000n, 0x0600_0000n, (1n << 50n) + 0x1000n, 1n << 52n];
  // Enter structures that hold what they should not, and RECs that asked for a RIPAS change.
  const params = list('params');
  const badEnter = params.slice(6);
  const changing = named(/^(a\.rec2|b\.rec0)$/);
  return {
    rds,
    recs,
    hosts,
    delegated,
    odd,
    params,
    badEnter,
    changing,
    all: [...rds, ...recs, ...hosts, ...delegated, ...named(/./), ...odd],
  };
};

export const INTERESTING_IPAS: readonly bigint[] = [
  0n,
  0x800n,
  0x1000n,
  0x1800n,
  0x2000n,
  0x3000n,
  0x4000n,
  0x20_0000n,
  0x20_1000n,
  0x40_0000n,
  0x4000_0000n,
  1n << 39n,
  (1n << 39n) + 0x1000n,
  (1n << 39n) + 0x20_0000n,
  (1n << 39n) + 0x4000_0000n,
  1n << 40n,
  1n << 50n,
  (1n << 64n) - 0x1000n,
];

/** The monitor, but for memory that no Host can give it: what stands there means nothing. */
const guarded = (state: RmmState): RmmState =>
  new Proxy(state, {
    get(target, name) {
      if (name === 'contents') {
        return (pa: bigint) => {
          if (!target.isDelegable(pa)) throw new Bug(`contents of ${pa} mean nothing`);
          return target.contents(pa);
        };
      }
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });

/** What conditions of a command see: for commands of a Realm, through a REC that runs. */
export const frameIn = (world: World, command: Command, x: readonly bigint[], rec: bigint): object => {
  const state = guarded(world.platform.rmm.state);
  const isHost = command.name.startsWith('RMI_');
  return frameOf(prepare(command), x, isHost ? state : realmCall(state, rec, () => undefined));
};

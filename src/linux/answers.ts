import type { Platform, RealmReply } from '../platform/index.ts';
import { createPlayer, DEFAULT_MEMORY, type Player, type ResponseScript } from '../response/index.ts';
import { RMM_1_0 } from '../rmm/index.ts';
import type { Registers } from '../trace/index.ts';

const fidOf = (name: string): bigint => BigInt(RMM_1_0.rsi.find((each) => each.name === name)?.fid ?? 0);
const INIT = fidOf('RSI_ATTESTATION_TOKEN_INIT');
const CONTINUE = fidOf('RSI_ATTESTATION_TOKEN_CONTINUE');

/** What answers an SMC of the Realm on a PE. */
export type RealmSmc = (x: Registers, pe: number) => RealmReply;

/** The attestation calls of a guest, answered by a response script; every other call by the RMM. */
export const scriptedSmc = (platform: Platform, script: ResponseScript): RealmSmc => {
  const player = createPlayer(script);
  return (x, pe) => {
    if (x[0] === INIT) return { kind: 'return', x: player.call(x).x };
    return x[0] === CONTINUE ? continued(platform, player, x, pe) : platform.realmSmc(x, pe);
  };
};

/** The player has one page: what it writes there goes to the page that the guest named. */
const continued = (platform: Platform, player: Player, x: Registers, pe: number): RealmReply => {
  const [fid = 0n, page = 0n, ...rest] = x;
  // The Host may have to give the guest that page first.
  const reached = platform.realmAccess({ access: 'read', ipa: page, length: 1 }, pe);
  if (reached.kind !== 'done') return reached;
  const { x: answered, written } = player.call([fid, DEFAULT_MEMORY.base, ...rest]);
  if (written !== undefined) {
    const bytes = player.read(written.ipa, written.length) ?? new Uint8Array();
    platform.realmAccess({ access: 'write', ipa: page + (written.ipa - DEFAULT_MEMORY.base), bytes }, pe);
  }
  return { kind: 'return', x: answered };
};

/** The same machine, whose Realms have their SMCs answered by `smc`. */
export const withRealmSmc = (platform: Platform, smc: RealmSmc): Platform =>
  Object.create(platform, { realmSmc: { value: (x: Registers, pe = 0) => smc(x, pe) } }) as Platform;

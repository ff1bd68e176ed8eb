import { utf8 } from '../../bytes/index.ts';
import {
  bufferPage,
  createGranules,
  createVcpu,
  fetchToken,
  type Guest,
  HostError,
  launchRealm,
  type RealmPlan,
  runVcpu,
} from '../../host/index.ts';
import type { Minted, ServedFile, TokenService } from '../../http/index.ts';
import type { Platform } from '../../platform/index.ts';
import { bundleFiles } from '../token-bundle.ts';

const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  pem: 'application/x-pem-file',
  cbor: 'application/cbor',
};

/** What is the same for every token of the machine. */
const SHARED = /^(cpak\.pem|cpak\.jwk\.json|rak\.pub\.pem|reference-values\.json|endorsements\/.*)$/;

const served = ([name, data]: readonly [name: string, data: string | Uint8Array]): ServedFile => ({
  name,
  type: TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
  data: typeof data === 'string' ? utf8(data) : data,
});

/**
 * Tokens of one Realm: each out of a fork of the machine in which it is launched, so that requests do not know of each other
 * and the same challenge gives the same bytes.
 *
 * @param platform  a machine that nobody else uses.
 * @param onOver    told of each machine that has given its token.
 */
export const createTokenService = (
  platform: Platform,
  plan: RealmPlan,
  onOver: (platform: Platform) => void,
): TokenService => {
  const granules = createGranules(platform);
  const launched = launchRealm(platform, plan, { granules });
  const page = bufferPage(plan);

  const mint = (challenge: Uint8Array): Minted => {
    const machine = platform.fork();
    const realm = launched.fork(machine, granules.fork(machine));
    const rec = realm.recs[plan.recs.findIndex(({ runnable }) => runnable)];
    if (rec === undefined) throw new HostError('PLAN_IMPOSSIBLE', 'the Realm has no REC that may run');
    let token: Uint8Array | undefined;
    function* guest(): Guest {
      token = yield* fetchToken(challenge, page);
    }
    try {
      runVcpu(machine, realm, createVcpu(rec, guest()));
    } finally {
      onOver(machine);
    }
    if (token === undefined) throw new HostError('GUEST_FAILED', 'the guest was given no token');
    return { token, dialect: machine.config.dialect.name };
  };

  const files = (): readonly ServedFile[] => {
    const challenge = new Uint8Array(64);
    try {
      const { token } = mint(challenge);
      return bundleFiles(platform, { token, challenge })
        .filter(([name]) => SHARED.test(name))
        .map(served);
    } catch (error) {
      // A fault plan may let no token come to be; requests are told so, each.
      if (error instanceof HostError) return [];
      throw error;
    }
  };
  return { mint, files: files() };
};

import { nodeCrypto } from '../../dist/crypto/node.js';
import { enterVcpu, launchRealm, performAct } from '../../dist/host/index.js';
import { FID } from './fids.mjs';
import { interleave } from './interleave.mjs';
import { bootMachine, planOf } from './machine.mjs';

const SUCCESS = 0n;
const GRANULE = 4096n;

/** A guest that is running, as what fetches one token: INIT, CONTINUE until the end, and the bytes read back. */
const runningGuest = () => {
  const platform = bootMachine();
  const realm = launchRealm(
    platform,
    planOf(Number(GRANULE), (_, length) => new Uint8Array(length)),
  );
  const host = { platform, realm, policy: {} };
  const vcpu = { rec: realm.recs[0], pe: 0, pending: undefined };
  enterVcpu(host, vcpu);
  const act = (next) => performAct(host, vcpu, next).result;
  const page = realm.plan.memory.base + GRANULE;
  const fetchToken = () => {
    act({ smc: [FID.RSI_ATTESTATION_TOKEN_INIT, ...Array(8).fill(0x0123_4567_89ab_cdefn)] });
    for (let filled = 0n; ; ) {
      const [status, length] = act({ smc: [FID.RSI_ATTESTATION_TOKEN_CONTINUE, page, filled, GRANULE - filled] }).x;
      filled += length;
      if (status === SUCCESS) return act({ access: 'read', ipa: page, length: Number(filled) }).bytes;
    }
  };
  return { platform, fetchToken };
};

/** A token through the whole RSI path, warm, by one bare signature of the signing back end. */
export const tokenPath = () => {
  const { platform, fetchToken } = runningGuest();
  const { rak } = platform.rmm.state.attestation;
  const message = fetchToken();
  const measured = interleave(
    { repetitions: 400, warmUp: 100 },
    () => fetchToken,
    () => () => nodeCrypto.sign('ES384', rak, message),
  );
  return [{ id: 'token-path', what: 'a token through RSI, by one ES384 signature', limit: 1.3, ...measured }];
};

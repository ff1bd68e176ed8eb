import { RMI_HASH_ALGORITHM, RsiRealmConfig } from '../../abi/index.ts';
import { answer, ipaAddr, reg } from '../../spec/index.ts';
import { protectedGranule } from '../conditions/index.ts';
import { item } from '../model/items.ts';
import { rsi } from './family.ts';

export const realmConfig = rsi({
  name: 'RSI_REALM_CONFIG',
  fid: 0xc400_0196,
  spec: 'RMM 1.0 B5.3.9',
  summary: 'Writes the configuration of the Realm into a granule of its memory.',

  inputs: { addr: reg(1, ipaAddr, 'IPA of the granule to which the configuration is written') },
  outputs: {},
  context: {
    realm: ({ rmm }) => rmm.currentRealm(),
    buffer: ({ addr, rmm }) => rmm.translate(addr),
  },

  failures: protectedGranule,
  order: [],

  effect: ({ addr, realm, buffer, rmm }) => {
    if (buffer.kind === 'FAULT')
      return answer({ transfer: { fault: { ipa: addr, level: buffer.level } }, retry: true });
    if (buffer.kind !== 'DATA') return answer({ result: 'RSI_ERROR_INPUT' });
    const { ipa_width, hash_algo, rpv } = realm;
    const config = { ipa_width: BigInt(ipa_width), hash_algo: RMI_HASH_ALGORITHM[hash_algo], rpv };
    rmm.state.write(buffer.pa, RsiRealmConfig.encode(config));
    return {};
  },

  success: {
    ipa_width: ({ realm, buffer, rmm }) =>
      buffer.kind === 'DATA' &&
      RsiRealmConfig.decode(rmm.state.contents(buffer.pa)).ipa_width === BigInt(realm.ipa_width),
    hash_algo: ({ realm, buffer, rmm }) =>
      buffer.kind === 'DATA' &&
      RsiRealmConfig.decode(rmm.state.contents(buffer.pa)).hash_algo === RMI_HASH_ALGORITHM[realm.hash_algo],
  },
  footprint: { buffer: ({ buffer }) => (buffer.kind === 'DATA' ? item.contents(buffer.pa) : []) },
});

import { describe, expect, test } from 'vitest';
import { PSA_ALG, PSA_ECC_FAMILY_SECP_R1 } from '../../src/abi/index.ts';
import { coseKeyBytes } from '../../src/cose/index.ts';
import { chipKeys, createHes, HES_PRESETS, type HesOptions } from '../../src/hes/index.ts';
import { configKeys, platformConfig } from '../../src/platform/index.ts';
import { DIALECTS } from '../../src/token/index.ts';
import { crypto, smallSet } from './support/chip.ts';

const request = {
  ecc_curve: PSA_ECC_FAMILY_SECP_R1,
  key_bits: 384,
  hash_algo: PSA_ALG['sha-256'],
  key_buf_size: 48,
};

const publics = (options: HesOptions) => {
  const hes = createHes(options);
  hes.getDelegatedKey(request);
  const { cpak, rak } = hes.status();
  return [coseKeyBytes(cpak), rak && coseKeyBytes(rak)];
};

const derived = (options: HesOptions) => {
  const keys = chipKeys(options);
  const [cpak, rak] = [keys && crypto.publicKey(keys.cpak), keys && crypto.publicKey(keys.rak)];
  return [cpak && coseKeyBytes(cpak), rak && coseKeyBytes(rak)];
};

describe('the keys of a chip are derived once more', () => {
  const firmware = smallSet();
  test.each<[string, HesOptions]>([
    ['of the default seed', { crypto, firmware }],
    ['of another seed and group', { crypto, firmware, device: { seed: '7', group: 'g' } }],
    ['in RMA, where the roots are gone', { crypto, firmware: { ...firmware, lcs: 'RMA' } }],
    ['with the derivation of older firmware', { crypto, firmware, switches: { kdf: 'sha-ecb', cpakRoot: 'guk' } }],
    ['of Islet', { crypto, firmware, ...HES_PRESETS.islet }],
    ['of a dialect with a bare RAK', { crypto, firmware, dialect: DIALECTS['rmm-1.0-legacy'] }],
    [
      'after reprovisioning',
      {
        crypto,
        firmware,
        chip: (() => {
          const hes = createHes({ crypto, firmware });
          hes.rotateCpak(1);
          return hes.memory();
        })(),
      },
    ],
  ])('%s', (_, options) => {
    expect(derived(options)).toEqual(publics(options));
  });

  test('not where nothing was measured, since no key is delegated then', () => {
    expect(chipKeys({ crypto, firmware: { ...firmware, components: [] } })).toBe(undefined);
  });
});

test('a machine whose HES serves files has no keys to derive', () => {
  const config = platformConfig({ firmware: smallSet() });
  expect(configKeys(crypto, config)).toBeDefined();
  expect(configKeys(crypto, { ...config, staticHes: { rak: '', platformToken: '' } })).toBe(undefined);
});

import type { Adapter } from './adapter.ts';

/** The command line of the crate: it ends with 0 whatever it finds, so that its words count. */
export const ccatokenCli: Adapter = {
  title: 'ccatoken 0.1.0, its command line (Rust)',
  install: 'cargo install ccatoken --version 0.1.0',
  command: [
    'ccatoken',
    'golden',
    '--evidence',
    '{token}',
    '--cpak',
    '{key.jwk}',
    '--tastore',
    '{scratch}/ta.json',
    '--rvstore',
    '{scratch}/rv.json',
  ],
  output: /golden values extraction successful/,
};

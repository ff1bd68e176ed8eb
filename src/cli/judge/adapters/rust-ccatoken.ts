import type { Adapter } from './adapter.ts';

/** The crate's verdict is in its trust vectors, which its driver reads as a whole. */
export const rustCcatoken: Adapter = {
  title: 'ccatoken 0.1.0 (Rust)',
  install: 'cargo build in test/interop/rust-ccatoken of swcca',
  command: ['rust-ccatoken', 'ccatoken'],
  lines: '{key.jwk}',
};

/** The COSE library below it: signatures alone, no claims. */
export const rustCose: Adapter = {
  title: 'cose-rust 0.1.9 (Rust)',
  install: 'cargo build in test/interop/rust-ccatoken of swcca',
  command: ['rust-ccatoken', 'cose'],
  lines: '{key.jwk}',
};

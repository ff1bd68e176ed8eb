import type { Adapter } from './adapter.ts';

/** The library has no program of its own; the driver of the interoperability tests answers line by line. */
export const goCcatoken: Adapter = {
  title: 'github.com/veraison/ccatoken v1.3.1 (Go)',
  install: 'go build -o go-ccatoken . in test/interop/go-ccatoken of swcca',
  command: ['go-ccatoken'],
  lines: '{key.jwk}',
};

import type { Adapter } from './adapter.ts';

/** The library has no program of its own; the driver of the interoperability tests answers line by line. */
export const goCcatoken: Adapter = {
  title: 'github.com/veraison/ccatoken v1.3.1 (Go)',
  install: 'go build -o go-ccatoken . in test/interop/go-ccatoken of swcca',
  command: ['go-ccatoken'],
  lines: '{key.jwk}',
};

/** What came after that release: it takes tag 907 too, and Veraison's services pin it. */
export const goCcatokenNext: Adapter = {
  title: 'github.com/veraison/ccatoken b26aba0 (Go)',
  install: 'go build -modfile=b26aba0.mod -o go-ccatoken-b26aba0 . in test/interop/go-ccatoken of swcca',
  command: ['go-ccatoken-b26aba0'],
  lines: '{key.jwk}',
};

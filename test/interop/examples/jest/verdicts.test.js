// A jest test that takes its tokens from swcca. swcca is made of ES modules, which jest loads with
// NODE_OPTIONS=--experimental-vm-modules. The verifier is swcca's own; put yours in its place.

import { nobleCrypto } from 'swcca/crypto/noble';
import { corpus } from 'swcca/testing';
import { parseKeyFile, verifyToken } from 'swcca/verify';

const tokens = corpus({ only: ['V01', 'V03', 'C01', 'C02', 'N01', 'F03'] }).tokens;

test.each(tokens)('$id, $change, is $verdict', ({ token, key, challenge, verdict }) => {
  const { key: trusted } = parseKeyFile(new TextEncoder().encode(key.pem), nobleCrypto);
  const { accepted } = verifyToken(token, { crypto: nobleCrypto, challenge, key: trusted });
  expect(accepted).toBe(verdict === 'must-accept');
});

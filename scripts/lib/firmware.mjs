import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const fixtures = fileURLToPath(new URL('../../firmware-fixtures', import.meta.url));

/**
 * A committed firmware set, measured.
 *
 * @param {typeof import('../../src/hes/index.ts')} hes  the room, as built
 * @param {import('../../src/crypto/index.ts').Crypto} crypto
 */
export const committedFirmware = ({ parseFirmwareManifest, measureFirmware }, crypto, name = 'good-1.0') => {
  const folder = join(fixtures, name);
  const manifest = parseFirmwareManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  if (!manifest.ok) throw new Error(`${name}: ${manifest.problem.path} ${manifest.problem.says}`);
  return measureFirmware(manifest.value, (image, algorithm) =>
    crypto.hash(algorithm).digest(readFileSync(join(folder, image))),
  );
};

/** Writes docs/divergences.md from the personalities of the built library. */
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { divergencesPage } from './lib/divergences/page.mjs';

const built = new URL('../dist/personality/index.js', import.meta.url);
if (!existsSync(fileURLToPath(built))) {
  console.error('gen-divergences: dist is missing: run npm run build first');
  process.exit(2);
}
writeFileSync(new URL('../docs/divergences.md', import.meta.url), divergencesPage(await import(built)));

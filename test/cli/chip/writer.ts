/** Changes a chip again and again, and reports each change once it is kept, until it is killed. */
import { writeSync } from 'node:fs';
import { openChipStore } from '../../../src/cli/state/chip-store.ts';
import { chipAfter } from './record.ts';

const store = openChipStore(process.argv[2] ?? '');
let { generation } = await store.load();
for (;;) {
  generation = store.save(generation, chipAfter(generation + 1, Math.min(generation + 1, 400)));
  writeSync(1, `${generation}\n`);
}

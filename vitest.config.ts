import { defineConfig } from 'vitest/config';

/**
 * Three projects, because they need different things: `unit` only Node, `shared` a folder of reference material beside
 * the checkout, `interop` other people's toolchains. `npm test` runs the first.
 */
// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
  test: {
    pool: 'threads',
    // The core keeps no state in modules, so files may share a worker: the rooms are then loaded once, not once per file.
    isolate: false,
    // Far more than any takes: a machine that does other things as well is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/shared/**', 'test/interop/**'] },
      },
      { extends: true, test: { name: 'shared', include: ['test/shared/**/*.test.ts'] } },
      { extends: true, test: { name: 'interop', include: ['test/interop/**/*.test.ts'], testTimeout: 600_000 } },
    ],
  },
});

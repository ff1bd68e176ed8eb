const WORDS = { passed: 'proven', failed: 'FAILED', skipped: 'not run' };

/**
 * Prints each claim under the peer that judged it.
 *
 * @param {import('vitest/node').Vitest} vitest after its run
 * @returns {{ passed: number, failed: number, skipped: number }} files that could not be loaded count as failed
 */
export function printSummary(vitest) {
  const modules = vitest.state.getTestModules();
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const count = { passed: 0, failed: vitest.state.getUnhandledErrors().length, skipped: 0 };
  const unloadable = modules.filter((module) => module.errors().length > 0);
  count.failed += unloadable.length;

  console.log('\nWhat was claimed, and who judged it');
  for (const [peer, claims] of groupedBy(tests, (test) => path(test)[0])) {
    console.log(`\n  ${peer}`);
    for (const test of claims) {
      const { state, note } = test.result();
      count[state] += 1;
      const detail = state === 'skipped' ? note : test.meta().counted;
      console.log(`    ${WORDS[state].padEnd(8)} ${path(test).slice(1).join(': ')}${detail ? ` (${detail})` : ''}`);
    }
  }
  for (const module of unloadable) console.log(`\n  ${module.relativeModuleId}\n    FAILED   to load`);
  console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  return count;
}

/** The names from the outermost group to the test. */
function path(test) {
  const names = [test.name];
  for (let group = test.parent; group.type === 'suite'; group = group.parent) names.unshift(group.name);
  return names;
}

function groupedBy(items, key) {
  const groups = new Map();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

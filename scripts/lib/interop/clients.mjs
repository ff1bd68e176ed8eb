import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Unavailable } from './preparation.mjs';
import { run } from './run.mjs';

/** The worked client, and copies of it with one mistake each. */
export const CLIENTS = ['client', 'edge', 'length', 'spin', 'bound'];
const WARNINGS = ['-std=c11', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Werror'];
const SANITIZED = ['-g', '-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

const sourceOf = (root, client) =>
  client === 'client' ? join(root, 'src/clients/c/examples/client.c') : join(root, `test/clients/c/${client}.c`);

/** Builds programs of the C client, two at a time: `name: [options, sources]`. */
async function build(root, folder, compiler, programs) {
  const shim = join(root, 'src/clients/c');
  mkdirSync(folder, { recursive: true });
  const waiting = Object.entries(programs);
  const built = {};
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, [options, sources]] = next;
      const program = join(folder, name);
      const args = [
        ...options,
        `-I${shim}`,
        `-I${join(shim, 'examples')}`,
        ...sources,
        join(shim, 'swcca.c'),
        '-o',
        program,
      ];
      const answer = await run(compiler, args);
      if (answer.status !== 0) throw new Error(`${compiler} ${args.join(' ')} failed:\n${answer.stderr}`);
      built[name] = program;
    }
  };
  await Promise.all([worker(), worker()]);
  return built;
}

/** Programs of the C client, by a C compiler of this machine: fuzz targets with sanitizers, and what else tests drive. */
export async function cClients(root, cache, say) {
  const version = await run('cc', ['--version']);
  if (!version.found || version.status !== 0) throw new Unavailable('a C compiler is missing: there is no program cc');
  say(version.stdout.split('\n')[0]);
  const examples = join(root, 'src/clients/c/examples');
  const sanitizes = await sanitizersWork(cache);
  if (!sanitizes) say('the sanitizers of this compiler do not work here: without them');
  const careful = [...WARNINGS, ...(sanitizes ? SANITIZED : ['-g', '-O1'])];
  say('building');
  const programs = await build(root, join(cache, 'c-clients'), 'cc', {
    ...Object.fromEntries(
      CLIENTS.map((client) => [client, [careful, [join(examples, 'fuzz.c'), sourceOf(root, client)]]]),
    ),
    live: [careful, [join(examples, 'live.c'), sourceOf(root, 'client')]],
    play: [[...WARNINGS, '-O2'], [join(root, 'test/clients/c/play.c')]],
  });
  return { programs, version: version.stdout.split('\n')[0], sanitizes };
}

async function sanitizersWork(cache) {
  const program = join(cache, 'sanitizers');
  const answer = await run('sh', [
    '-c',
    `echo 'int main(void){return 0;}' | cc -x c -fsanitize=address,undefined -o '${program}' - && '${program}'`,
  ]);
  return answer.status === 0;
}

/** AFL++, and the fuzz targets as its compiler makes them. */
export async function aflClients(root, cache, say) {
  const help = await run('afl-fuzz', ['--version']);
  if (!help.found) throw new Unavailable('AFL++ is missing: there is no program afl-fuzz (Debian: afl++)');
  const version = /afl-fuzz\S*\s*(\S+)/.exec(help.stdout + help.stderr)?.[0] ?? 'afl-fuzz';
  say(version);
  const compiler = await firstThatWorks(['afl-clang-fast', 'afl-gcc-fast'], cache);
  if (compiler === undefined)
    throw new Unavailable('AFL++ has no compiler here that works: afl-clang-fast, afl-gcc-fast');
  say(`building with ${compiler}`);
  const examples = join(root, 'src/clients/c/examples');
  const programs = await build(
    root,
    join(cache, 'afl-clients'),
    compiler,
    Object.fromEntries(
      CLIENTS.map((client) => [client, [['-O2'], [join(examples, 'fuzz.c'), sourceOf(root, client)]]]),
    ),
  );
  return { programs, version };
}

async function firstThatWorks(compilers, cache) {
  for (const compiler of compilers) {
    const answer = await run('sh', [
      '-c',
      `echo 'int main(void){return 0;}' > '${join(cache, 'works.c')}' && ${compiler} -o '${join(cache, 'works')}' '${join(cache, 'works.c')}'`,
    ]);
    if (answer.status === 0) return compiler;
  }
  return undefined;
}

/** The fuzz targets as libFuzzer drives them, in the process itself. */
export async function libfuzzerClients(root, cache, say) {
  const version = await run('clang', ['--version']);
  if (!version.found || version.status !== 0) throw new Unavailable('clang is missing (Debian: clang)');
  const options = ['-g', '-O1', '-fsanitize=fuzzer,address', '-DUSE_LIBFUZZER'];
  const empty = join(cache, 'libfuzzer.c');
  const target =
    'int LLVMFuzzerTestOneInput(const unsigned char *bytes, unsigned long size) { return !bytes && size; }';
  const probe = await run('sh', [
    '-c',
    `echo '${target}' > '${empty}' && clang ${options.join(' ')} '${empty}' -o '${empty}.out' && '${empty}.out' -runs=1`,
  ]);
  if (probe.status !== 0) throw new Unavailable('clang has no libFuzzer here (Debian: libclang-rt-dev)');
  say(`building with ${version.stdout.split('\n')[0]}`);
  const fuzz = join(root, 'src/clients/c/examples/fuzz.c');
  const programs = await build(
    root,
    join(cache, 'libfuzzer-clients'),
    'clang',
    Object.fromEntries(CLIENTS.map((client) => [client, [options, [fuzz, sourceOf(root, client)]]])),
  );
  return { programs, version: version.stdout.split('\n')[0] };
}

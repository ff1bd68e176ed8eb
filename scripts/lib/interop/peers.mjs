import { goTitles } from './go.mjs';
import { Unavailable } from './preparation.mjs';
import { run } from './run.mjs';
import { rustTitles } from './rust.mjs';
import { toolchain } from './toolchain.mjs';

/** The command line of OpenSSL. */
export async function openssl(say) {
  const version = await toolchain('openssl', ['version'], 'the command line of OpenSSL', say);
  return { version: version.split(' (')[0] };
}

/** A browser with a headless mode. */
export async function chromium(say) {
  for (const program of ['chromium', 'chromium-browser', 'google-chrome']) {
    const answer = await run(program, ['--version']);
    if (!answer.found || answer.status !== 0) continue;
    say(answer.stdout.trim());
    return { program, version: answer.stdout.trim() };
  }
  throw new Unavailable('a browser is missing: there is no program chromium or google-chrome');
}

/** The names under which the peers are reported: what they are, and which version is pinned. */
export const titles = (root) => ({ ...goTitles(root), ...rustTitles(root) });

import { goTitles } from './go.mjs';
import { Unavailable } from './preparation.mjs';
import { lastWords, run } from './run.mjs';
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

/** An address kept for documentation (RFC 5737), which nobody has. */
const FAR_ADDRESS = '192.0.2.1';

/** A network of one host, whose address is not loopback: what runs behind `command` has no other. */
export async function otherHost(say) {
  const command = [
    'unshare',
    '--net',
    'sh',
    '-c',
    `ip link set lo up && ip addr add ${FAR_ADDRESS}/32 dev lo && exec "$0" "$@"`,
  ];
  const [program, ...args] = [...command, 'true'];
  const answer = await run(program, args);
  if (!answer.found) throw new Unavailable('unshare (Debian: util-linux) is missing');
  if (answer.status !== 0) throw new Unavailable(`a network namespace cannot be made: ${lastWords(answer)}`);
  say(`a network namespace with ${FAR_ADDRESS}`);
  return { command, address: FAR_ADDRESS };
}

/** The names under which the peers are reported: what they are, and which version is pinned. */
export const titles = (root) => ({ ...goTitles(root), ...rustTitles(root) });

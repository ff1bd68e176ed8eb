import { join } from 'node:path';
import { openAnsweredPlace } from '../../bridge/index.ts';
import { hexNumber } from '../../bytes/index.ts';
import { createPlayer, DEFAULT_MEMORY, type ResponseScript } from '../../response/index.ts';
import {
  type ClientCommand,
  clientEnd,
  forget,
  normalised,
  runClient,
  saysOf,
  usesPlaceholder,
  withFiles,
} from './client.ts';
import { MOST_WAITS } from './heard.ts';
import { createListener, judgeProcess, responseInputs } from './responses.ts';
import type { Target } from './target.ts';

/** Calls after which a client that goes on is endless: more than any token needs, a byte at a time. */
const MOST_CALLS = 200_000;

/** Clients that speak the bridge, in front of an RMM that is a response script. */
export const bridgeTarget = async ({ words, limits, scratch }: ClientCommand): Promise<Target<ResponseScript>> => {
  const memory = { base: DEFAULT_MEMORY.base, size: BigInt(DEFAULT_MEMORY.size) };
  const place = await openAnsweredPlace(memory);
  const tokenFile = join(scratch, 'token');
  const command = withFiles(words, { '{token}': tokenFile });
  const asked = usesPlaceholder(words, '{token}') ? tokenFile : undefined;
  const env = {
    SWCCA_SOCKET: place.socketPath,
    SWCCA_MEMORY: place.memoryPath,
    SWCCA_IPA_BASE: hexNumber(memory.base),
    SWCCA_IPA_SIZE: hexNumber(memory.size),
  };

  return {
    ...responseInputs,
    async run(script) {
      forget(tokenFile);
      const player = createPlayer(script);
      const listener = createListener();
      let endless = false;
      place.begin((x) => {
        const { calls, waits } = player.status;
        if (calls >= MOST_CALLS || waits >= MOST_WAITS) {
          endless = true;
          return undefined;
        }
        const answer = player.call(x);
        listener.hear(x, answer);
        if (answer.written !== undefined) {
          const { ipa, length } = answer.written;
          place.write(ipa, player.read(ipa, length) ?? new Uint8Array());
        }
        return answer.x;
      });
      const process = await runClient(command, env, limits);
      const end = endless ? ({ kind: 'endless' } as const) : clientEnd(process, asked);
      return {
        end: end.kind,
        says: normalised(saysOf(end)),
        finding: judgeProcess(end, player.status),
        difference: listener.difference,
        met: [['ends', end.kind], ...listener.met],
      };
    },
    again: (folder) => `swcca fuzz run --client bridge --replay ${join(folder, 'response.bin')} -- ${words.join(' ')}`,
    close: () => place.close(),
  };
};

import { createFrameReader, encodeFrame } from '../../../src/bridge/frame.ts';
import { createSession } from '../../../src/bridge/session.ts';
import { concatBytes, utf8 } from '../../../src/bytes/index.ts';
import { jsonLinesOf } from '../../../src/cli/io/lines.ts';
import { claimsOfJwt, jsonAnswer, textMember } from '../../../src/cli/net/json-answer.ts';
import { launchRealm } from '../../../src/host/index.ts';
import { createReplayer, ReplayError } from '../../../src/platform/index.ts';
import { createScriptWriter, ScriptError } from '../../../src/script/index.ts';
import { toJson } from '../../../src/trace/index.ts';
import { FUSE_OPCODE, FuseInHeader } from '../../../src/tsm/fuse-protocol.ts';
import { armCcaGuest, createFuseServer, createTree, ok } from '../../../src/tsm/index.ts';
import { attestSession, smallPlan } from '../../support/attest-session.ts';
import { crypto } from '../../support/forge.ts';
import { testMachine } from '../../support/machine.ts';
import { aLine, fromFile, jsonBytes, jsonOf, mendable, once, type Parser, type Read, textOf } from './parser.ts';

const traceOf = once((): readonly string[] => {
  const lines: string[] = [];
  attestSession(testMachine({ trace: (event) => void lines.push(toJson(event)) }));
  return lines;
});

/** Pieces of a trace of a few lines, as its middle has them. */
const tracePieces = once(() => {
  const lines = traceOf()
    .slice(1)
    .filter((line) => line.length < 1500);
  return Array.from({ length: 40 }, (_, i) => utf8(lines.slice(i * 7, i * 7 + 4).join('\n')));
});

const RSI = [0xc400_0190n, 0xc400_0191n, 0xc400_0192n, 0xc400_0193n, 0xc400_0194n, 0xc400_0195n, 0xc400_0196n];

const bridgeReader = (): Read => {
  const open = () => {
    const platform = testMachine();
    const realm = launchRealm(platform, smallPlan(new Uint8Array(5000).fill(7)));
    const [rec] = realm.recs;
    if (rec === undefined) throw new Error('the plan has no REC');
    return createSession({ platform, realm, policy: {} }, { rec, pe: 1, pending: undefined }, { unreachable: [] });
  };
  let session = open();
  return (input) => {
    const reader = createFrameReader();
    const cut = input.length >> 1;
    reader.push(input.subarray(0, cut));
    reader.push(input.subarray(cut));
    for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
      const reply = session.answer(frame);
      if (!('end' in reply)) continue;
      aLine(reply.end.says);
      if (reply.end.code === 'BUG') throw new Error(reply.end.says);
      session.leave();
      session = open();
      return;
    }
  };
};

/** Inputs that one machine takes: they change it. */
const INPUTS_PER_MACHINE = 200;

const replayReader = (): Read => {
  let replayer = createReplayer(crypto);
  let taken = INPUTS_PER_MACHINE;
  return (input) => {
    if (taken === INPUTS_PER_MACHINE) {
      replayer = createReplayer(crypto);
      replayer.feed(JSON.parse(traceOf()[0] ?? ''));
      taken = 0;
    }
    taken += 1;
    for (const line of textOf(input).split('\n')) {
      const event = jsonOf(utf8(line));
      try {
        replayer.feed(event);
      } catch (error) {
        if (!(error instanceof ReplayError)) throw error;
        aLine(error.message);
      }
      // An act happens only where everything before it was told.
      while (replayer.end() !== undefined);
    }
  };
};

/** Readers of what other programs send: guests, kernels, services, traces. */
export const PEER_PARSERS = {
  bridge: {
    seeds: () => RSI.map((fid) => concatBytes(encodeFrame([fid, 0x8000_1000n, 1n]), encodeFrame([fid, 1n, 4096n]))),
    make: bridgeReader,
  },
  fuse: {
    seeds: () =>
      Object.values(FUSE_OPCODE).map((opcode) => {
        const body = concatBytes(new Uint8Array(16), utf8('inblob\0'));
        return concatBytes(
          FuseInHeader.encode({ len: FuseInHeader.size + body.length, opcode, unique: 9n, nodeid: 1n }),
          body,
        );
      }),
    make: () => {
      const serve = createFuseServer(createTree({ provider: armCcaGuest(ok) }));
      return (input) => void serve(input);
    },
  },
  trace: {
    seeds: tracePieces,
    make: fromFile('trace.ndjson', async (path) => {
      const writer = createScriptWriter();
      try {
        for await (const { value } of jsonLinesOf(path, 'a trace')) for (const line of writer.feed(value)) aLine(line);
      } catch (error) {
        if (!(error instanceof ScriptError)) throw error;
        aLine(error.message);
      }
    }),
  },
  replay: { seeds: tracePieces, make: replayReader },
  service: {
    seeds: () => [jsonBytes({ nonce: 'AAAA', status: 'waiting' }), utf8('e30.eyJhIjoxfQ.AAAA')],
    make: () => (body) => {
      claimsOfJwt(textOf(body));
      try {
        textMember(
          jsonAnswer(
            { status: 200, headers: {}, body } as Parameters<typeof jsonAnswer>[0],
            [200],
            'http://127.0.0.1/',
          ),
          'nonce',
          'it',
        );
      } catch (error) {
        mendable(error);
      }
    },
  },
} as const satisfies Record<string, Parser>;

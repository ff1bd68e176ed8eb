import { GRANULE } from '../../abi/index.ts';
import { Bug } from '../../bytes/index.ts';
import { answer, ipaAddr, reg, uint64 } from '../../spec/index.ts';
import { protectedGranule } from '../conditions/index.ts';
import { type Attestation, NO_ATTESTATION } from '../model/attestation.ts';
import { item } from '../model/items.ts';
import type { RsiModel, RsiView } from '../realm/call.ts';
import { interruptExit } from '../realm/interrupt.ts';
import { sign } from '../realm/sign.ts';
import { wholeToken } from '../realm/token.ts';
import { rsi } from './family.ts';

export const attestationTokenContinue = rsi({
  name: 'RSI_ATTESTATION_TOKEN_CONTINUE',
  fid: 0xc400_0195,
  spec: 'RMM 1.0 B5.3.1',
  summary: 'Goes on with a token: signs, then copies the next piece into a granule of the Realm.',

  inputs: {
    addr: reg(1, ipaAddr, 'IPA of the granule to which the token is written'),
    offset: reg(2, uint64, 'offset of the buffer in the granule, in bytes'),
    size: reg(3, uint64, 'size of the buffer, in bytes'),
  },
  outputs: { len: reg(1, uint64, 'bytes written to the buffer') },
  context: {
    realm: ({ rmm }) => rmm.currentRealm(),
    rec: ({ rmm }) => rmm.currentRec(),
    buffer: ({ addr, rmm }) => rmm.translate(addr),
  },

  failures: {
    ...protectedGranule,
    offset_bound: {
      pre: ({ offset }) => offset >= GRANULE,
      post: 'RSI_ERROR_INPUT',
      says: 'offset is not inside the granule',
    },
    size_overflow: {
      pre: ({ offset, size }) => BigInt.asUintN(64, offset + size) < offset,
      post: 'RSI_ERROR_INPUT',
      says: 'offset + size does not fit 64 bits',
    },
    size_bound: {
      pre: ({ offset, size }) => offset + size > GRANULE,
      post: 'RSI_ERROR_INPUT',
      says: 'the buffer reaches past the granule',
    },
    state: {
      pre: ({ rec }) => rec.attest.state !== 'ATTEST_IN_PROGRESS',
      post: 'RSI_ERROR_STATE',
      says: 'no token is under way on this REC',
    },
    unknown: {
      pre: ({ rmm, rec }) => rec.attest.state === 'ATTEST_IN_PROGRESS' && rmm.state.attestation === undefined,
      post: 'RSI_ERROR_UNKNOWN',
      says: 'the RMM has no attestation key',
    },
  },
  order: [],

  effect: ({ addr, offset, size, rec, buffer, rmm }) => {
    const signed = sign(rmm, rec.attest);
    if (signed.interrupt !== undefined) {
      rmm.updateRec({ attest: signed.attest });
      const transfer = { exit: interruptExit(signed.interrupt, rmm.state.impDef) };
      return answer({ result: 'RSI_INCOMPLETE', out: { len: 0n }, transfer });
    }
    const { attest } = signed;
    if (signed.failed) {
      rmm.updateRec({ attest });
      return answer({ result: 'RSI_ERROR_UNKNOWN' });
    }
    const pause = (): void => {
      if (attest !== rec.attest) rmm.updateRec({ attest });
    };
    if (buffer.kind === 'FAULT') {
      pause();
      return answer({ transfer: { fault: { ipa: addr, level: buffer.level } }, retry: true });
    }
    if (buffer.kind !== 'DATA') {
      pause();
      return answer({ result: 'RSI_ERROR_INPUT' });
    }
    if (size === 0n) {
      pause();
      return answer({ result: 'RSI_INCOMPLETE', out: { len: 0n } });
    }

    const token = attest.token ?? assemble(rmm, attest);
    if (token === undefined) {
      pause();
      return answer({ result: 'RSI_ERROR_UNKNOWN' });
    }
    const length = Math.min(Number(size), chunkLimit(rmm, attest.pieces), token.length - attest.copied);
    const copied = attest.copied + length;
    rmm.state.write(buffer.pa + offset, token.subarray(attest.copied, copied));
    const complete = copied === token.length;
    rmm.updateRec({ attest: complete ? NO_ATTESTATION : { ...attest, token, copied, pieces: attest.pieces + 1 } });
    const out = { len: BigInt(length) };
    return complete ? out : answer({ result: 'RSI_INCOMPLETE', out });
  },

  success: { complete: ({ rec }) => rec.attest.state === 'NO_ATTEST_IN_PROGRESS' },
  footprint: {
    state: ({ rmm }) => item.rec(rmm.recAddr, 'attest'),
    others: ({ rmm }) => otherOperations(rmm),
    shared: ({ rmm }) => (rmm.state.signer === undefined ? [] : item.contents(rmm.state.signer.sharedBuffer)),
    buffer: ({ buffer }) => (buffer.kind === 'DATA' ? item.contents(buffer.pa & ~(GRANULE - 1n)) : []),
  },
});

/** Where EL3 signs, a response that is pulled may belong to any operation: it goes to the REC that asked for it. */
const otherOperations = ({ state }: RsiView) =>
  state.signer === undefined ? [] : state.recsWithTokens().map((rec) => item.rec(rec, 'attest'));

/** The whole token, or undefined when it does not fit the buffer whose size INIT promised. */
const assemble = ({ state }: RsiModel, { realmToken }: Attestation): Uint8Array | undefined => {
  if (state.attestation === undefined || realmToken === undefined)
    throw new Bug('a token is copied before it is signed');
  const token = wholeToken(state.dialect, state.attestation, realmToken);
  return token.length > state.impDef.tokenBufferGranules * Number(GRANULE) ? undefined : token;
};

const chunkLimit = ({ state }: RsiModel, piece: number): number =>
  state.impDef.chunk[piece] ?? state.impDef.chunk.at(-1) ?? Number(GRANULE);

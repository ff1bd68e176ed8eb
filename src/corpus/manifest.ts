import { VERDICTS, type Verdict } from '../mutate/index.ts';
import type { Description } from './entry.ts';
import type { Selection } from './plan.ts';

export const CORPUS_FORMAT = 'swcca/corpus/v1';
export const MANIFEST_FORMAT = 'swcca/corpus-manifest/v1';

/** Everything that decides what a corpus holds, down to the byte; which shard of it is made does not. */
export interface Parameters {
  readonly format: typeof CORPUS_FORMAT;
  readonly swcca: string;
  readonly keys: string;
  readonly seed: string;
  readonly dialect: string;
  /** Whether no known stack is such a machine. */
  readonly synthetic: boolean;
  readonly stack: string;
  readonly group?: string;
  readonly switches: Readonly<Record<string, unknown>>;
  /** Of the token that all others start from. */
  readonly base_sha256: string;
  /** Whether that token came out of the machine as it is, or its lifecycle was set to one that is trusted. */
  readonly base_origin: 'rsi' | 'edited';
  readonly challenge: string;
  readonly selection: Selection;
  readonly count: number;
}

/** What a manifest says of one token. */
export interface Listed {
  readonly id: string;
  readonly verdict: Verdict;
  readonly group: string;
  readonly origin: string;
  readonly bytes: number;
  readonly sha256: string;
}

export const listed = ({ id, verdict, group, origin, bytes, sha256 }: Description): Listed => ({
  id,
  verdict,
  group,
  origin,
  bytes,
  sha256,
});

/** Writes a manifest piece by piece, since a corpus may have more tokens than a list can hold. */
export const manifestWriter = (
  parameters: Parameters,
  write: (text: string) => void,
): { add(token: Listed): void; end(): void } => {
  const counts = new Map<Verdict, number>(VERDICTS.map((verdict) => [verdict, 0]));
  const { format: _, ...rest } = parameters;
  const head = JSON.stringify({ format: MANIFEST_FORMAT, ...rest }, undefined, 2);
  write(`${head.slice(0, head.lastIndexOf('\n'))},\n  "tokens": [`);
  let first = true;
  return {
    add(token) {
      counts.set(token.verdict, (counts.get(token.verdict) ?? 0) + 1);
      write(`${first ? '' : ','}\n    ${JSON.stringify(token)}`);
      first = false;
    },
    end() {
      write(`${first ? '' : '\n  '}],\n  "verdicts": ${JSON.stringify(Object.fromEntries(counts))}\n}\n`);
    },
  };
};

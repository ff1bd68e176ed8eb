import type { FetchedToken } from '../host/index.ts';
import type { Platform } from '../platform/index.ts';
import { jsonlSink, type TraceSink } from '../trace/index.ts';
import { type Bundle, createBundle } from './io/bundle.ts';
import { gather } from './io/gather.ts';
import type { Terminal } from './io/terminal.ts';
import { type OutputFile, openOutput } from './io/write.ts';

/** Where a run leaves what it makes. All of it is written aside and appears at the end, or not at all. */
export interface Outputs {
  /** What the trace has to be fed to. */
  readonly sinks: readonly TraceSink[];
  commit(platform: Platform, fetched: FetchedToken): Promise<void>;
  /** Leaves everything as it was. Does nothing after `commit`. */
  discard(): void;
}

interface Places {
  readonly out: string | undefined;
  readonly bundle: string | undefined;
  readonly trace: string | undefined;
}

/** A trace to standard output or to a file. */
const openTrace = (path: string, terminal: Terminal): OutputFile =>
  path === '-'
    ? { write: (text) => terminal.write(String(text)), commit: () => undefined, discard: () => undefined }
    : openOutput(path);

/** @throws {UsageError} OUTPUT, when one of the places cannot be written to. */
export const openOutputs = ({ out, bundle: folder, trace: tracePath }: Places, terminal: Terminal): Outputs => {
  const opened: { discard(): void }[] = [];
  const keep = <T extends { discard(): void }>(output: T): T => {
    opened.push(output);
    return output;
  };
  const discard = (): void => {
    for (const output of opened) output.discard();
  };
  try {
    const file = out === undefined || out === '-' ? undefined : keep(openOutput(out));
    const traceFile = tracePath === undefined ? undefined : keep(openTrace(tracePath, terminal));
    const bundle = folder === undefined ? undefined : keep(createBundle(folder));
    const lines = [
      ...(traceFile === undefined ? [] : [gather((text) => traceFile.write(text))]),
      ...(bundle === undefined ? [] : [gather((text) => bundle.append('trace.ndjson', text))]),
    ];
    return {
      sinks: lines.map(({ write }) => jsonlSink(write)),
      discard,
      commit: async (platform, fetched) => {
        for (const { flush } of lines) flush();
        file?.write(fetched.token);
        if (bundle !== undefined) await fill(bundle, platform, fetched);
        file?.commit();
        traceFile?.commit();
        if (out === '-') terminal.binary(fetched.token, true);
      },
    };
  } catch (error) {
    discard();
    throw error;
  }
};

const fill = async (bundle: Bundle, platform: Platform, fetched: FetchedToken): Promise<void> => {
  const { bundleFiles, bundleIndex } = await import('./token-bundle.ts');
  for (const [name, data] of bundleFiles(platform, fetched)) bundle.append(name, data);
  bundle.commit(bundleIndex(platform));
};

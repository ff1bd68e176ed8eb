import { type Bridge, openBridge, type Place } from '../../bridge/index.ts';
import { hexNumber } from '../../bytes/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import type { FaultPlan } from '../../fault/index.ts';
import { HostError } from '../../host/index.ts';
import { type HttpServer, openHttp, TOKEN_PATH, type TokenService, tokenRoutes } from '../../http/index.ts';
import type { Platform } from '../../platform/index.ts';
import { allOf, jsonlSink, type TraceSink } from '../../trace/index.ts';
import type { CallOf } from '../command.ts';
import type { serve } from '../commands/serve.ts';
import { badCommandLine, badInput, EXIT, type ExitCode } from '../exit.ts';
import { gather } from '../io/gather.ts';
import { type LogFile, openLogFile } from '../io/log-file.ts';
import { sizeText } from '../io/size.ts';
import { systemReason } from '../io/system-error.ts';
import { bootMachine, readMachineSettings } from '../machine-settings.ts';
import { knobsFrom } from '../options/dialect.ts';
import { collectEnds, type Ends } from '../serve/ends.ts';
import { type FaultTally, tallyFaults } from '../serve/faults.ts';
import { openFolder, type ServeFolder } from '../serve/folder.ts';
import { readRealms } from '../serve/realms.ts';
import { createTokenService } from '../serve/token-service.ts';
import { untilStopped } from '../serve/until.ts';

type ServeCall = CallOf<typeof serve>;

/** Characters of a trace that are held before they are written: somebody may read along. */
const TRACE_BUFFER = 1 << 16;

const checkTrace = ({ trace, fresh, instances }: ServeCall['values']): void => {
  if (trace === undefined) return;
  if (trace === '-') throw badCommandLine('--trace: standard output says where the server is; name a file');
  if (fresh || instances > 1)
    throw badCommandLine('--trace follows one machine from its boot on; leave out --fresh and --instances');
};

const sinksOf = async (file: LogFile | undefined, level: ServeCall['values']['log-level']) => {
  const lines = file === undefined ? undefined : gather((text) => file.write(text), TRACE_BUFFER);
  const sinks: TraceSink[] = lines === undefined ? [] : [jsonlSink(lines.write)];
  if (level !== undefined) sinks.push((await import('../../trace/sinks/pino.ts')).pinoSink(level));
  const close = (): void => {
    lines?.flush();
    file?.close();
  };
  return { sink: sinks.length === 0 ? undefined : allOf(...sinks), close };
};

/** A place as programs read it. */
const placeRecord = ({ machine, realm, socketPath, memoryPath, memory, recs }: Place) => ({
  machine,
  realm,
  socket: socketPath,
  memory: memoryPath,
  ipaBase: hexNumber(memory.base),
  ipaSize: hexNumber(memory.size),
  recs,
});

/** Where a program that we run finds the first place. */
const environment = (
  { folder, places: [first] }: Bridge,
  http: HttpServer | undefined,
): Readonly<Record<string, string>> =>
  first === undefined
    ? {}
    : {
        ...(http === undefined ? {} : { SWCCA_HTTP: http.url }),
        SWCCA_FOLDER: folder,
        SWCCA_SOCKET: first.socketPath,
        SWCCA_MEMORY: first.memoryPath,
        SWCCA_IPA_BASE: hexNumber(first.memory.base),
        SWCCA_IPA_SIZE: hexNumber(first.memory.size),
      };

const sayReady = (
  { values, operands, terminal }: ServeCall,
  { folder, places }: Bridge,
  http: HttpServer | undefined,
): void => {
  if (values.json) {
    terminal.print(
      JSON.stringify({
        event: 'ready',
        pid: process.pid,
        folder,
        places: places.map(placeRecord),
        ...(http === undefined ? {} : { http: http.url }),
      }),
    );
  } else if (operands.length === 0) {
    for (const { socketPath, memoryPath, memory, recs } of places) {
      terminal.print(`socket  ${socketPath}  (${recs} REC${recs === 1 ? '' : 's'})`);
      terminal.print(`memory  ${memoryPath}  (IPA ${hexNumber(memory.base)}, ${sizeText(Number(memory.size))})`);
    }
    if (http !== undefined) terminal.print(`tokens  POST ${http.url}${TOKEN_PATH}`);
    terminal.print('ready; Ctrl-C ends it');
  }
};

const openTokens = async (
  port: number,
  services: readonly TokenService[],
  note: (text: string) => void,
): Promise<HttpServer> => {
  try {
    return await openHttp({
      port,
      routes: tokenRoutes(services),
      onFailure: (error) => note(`no token: ${error instanceof Error ? error.message : String(error)}`),
    });
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw badInput(`--http ${port}: cannot listen there: ${reason}; 0 takes any port that is free`, error);
  }
};

const faultRecord = (plan: FaultPlan, tally: FaultTally) => ({
  model: plan.model,
  faults: plan.faults.length,
  fired: tally.fired,
  missing: tally.missing().map(({ at }) => at),
});

/** @returns the exit code, by what happened meanwhile and what a program that was run ended with. */
const sayDone = (
  { values, terminal }: ServeCall,
  ends: Ends,
  code: number,
  plan: FaultPlan | undefined,
  tally: FaultTally | undefined,
): ExitCode => {
  const faults = plan === undefined || tally === undefined ? [] : [faultRecord(plan, tally)];
  const { connections, frames, counts } = ends;
  if (values.json) terminal.print(JSON.stringify({ event: 'done', connections, frames, ends: counts, faults }));
  else terminal.note(`${connections} connection${connections === 1 ? '' : 's'}, ${frames} SMCs answered`);
  for (const { model, missing } of faults) {
    if (missing.length > 0)
      terminal.note(`faults of the model ${model} that had to act did not: ${missing.join(', ')}`);
  }
  if (counts.BUG !== undefined) return EXIT.bug;
  return faults.some(({ missing }) => missing.length > 0) ? EXIT.no : (code as ExitCode);
};

export const runServe = async (call: ServeCall): Promise<ExitCode> => {
  const { values, operands, terminal } = call;
  const note = (text: string): void => terminal.note(text);
  checkTrace(values);
  const settings = await readMachineSettings(values, nodeCrypto, knobsFrom(values), note);
  const { faults: plan } = settings;
  const tally = plan === undefined ? undefined : tallyFaults(plan);
  const realms = await readRealms(values, note);
  const { fresh, instances } = values;
  let folder: ServeFolder | undefined;
  let bridge: Bridge | undefined;
  let http: HttpServer | undefined;
  const traceFile = values.trace === undefined ? undefined : openLogFile(values.trace);
  const trace = await sinksOf(traceFile, values['log-level']);
  const ends = collectEnds(values.report, note);
  try {
    const platform = bootMachine(settings, nodeCrypto, trace.sink);
    const over = ({ faults }: Platform): void => tally?.add(faults?.counts);
    const tokens =
      values.http === undefined
        ? undefined
        : realms.plans.map((realm) => createTokenService(platform.fork(), realm, over));
    folder = openFolder(values.dir, instances * realms.plans.length);
    const limits = {
      connections: values.connections,
      frames: values['max-frames'] ?? Number.POSITIVE_INFINITY,
      idleMs: values['idle-ms'] ?? 0,
    };
    bridge = await openBridge({
      platform,
      plans: realms.plans,
      instances,
      fresh,
      folder: folder.path,
      limits,
      onEnd: ends.add,
      onOver: over,
    }).catch((error: unknown) => {
      if (error instanceof HostError)
        throw badInput(`the Realm cannot be had on this machine: ${error.message}`, error);
      throw error;
    });
    if (tokens !== undefined && values.http !== undefined) http = await openTokens(values.http, tokens, note);
    realms.close();
    const [open, listening] = [bridge, http];
    const { code } = await untilStopped(operands, environment(open, listening), () => sayReady(call, open, listening));
    await http?.close();
    await bridge.close();
    bridge = undefined;
    return sayDone(call, ends, code, plan, tally);
  } finally {
    await http?.close();
    await bridge?.close();
    folder?.remove();
    realms.close();
    ends.close();
    trace.close();
  }
};

import type { Platform } from '../../../src/platform/index.ts';
import type { CommandSet } from '../../../src/rmm/index.ts';
import { realmCall } from '../../../src/rmm/realm/call.ts';
import { type Command, frameOf, prepare } from '../../../src/spec/index.ts';
import type { Registers, TraceEvent } from '../../../src/trace/index.ts';
import { testMachine } from '../../support/machine.ts';
import type { Driver, Inside, Setup, StartDriver } from './driver.ts';

const booted = new Map<CommandSet | undefined, Map<string, Platform>>();

/** A machine of a setup. Booting signs a token, so each kind of machine boots once and is forked from then on. */
const machineOf = (setup: Setup): Platform => {
  const { commands, ...rest } = setup;
  const kinds = booted.get(commands) ?? new Map<string, Platform>();
  booted.set(commands, kinds);
  const key = JSON.stringify(rest, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
  const platform = kinds.get(key) ?? testMachine(setup);
  kinds.set(key, platform);
  return platform;
};

/** A machine in this process. Every command is also held against its success conditions and its footprint. */
export const inProcess: StartDriver = (setup) => {
  let failed: string | undefined;
  const trace = (event: TraceEvent): void => {
    if (event.type === 'command.return') failed = event.failed;
  };
  const platform = machineOf(setup).fork({ trace });
  const driver: Driver = {
    machine: platform.config.machine,
    smc: (x, pe) => platform.smc(x, pe),
    write: (pa, bytes) => platform.write(pa, bytes),
    read: (pa, length) => platform.read(pa, length),
    changePas: (pa, to) => platform.memory.setGpt(pa, to),
    realmSmc: (x, pe) => platform.realmSmc(x, pe),
    realmAccess: (access, pe) => platform.realmAccess(access, pe),
    realmEvent: (event, pe) => platform.realmEvent(event, pe),
    realm: (pe) => platform.realm(pe),
    interrupt: (kind, options) => platform.interrupt(kind, options),
    devices: (rec, values) => platform.devices(rec, values),
    inside: insideOf(platform, () => failed),
  };
  return driver;
};

const insideOf = (platform: Platform, failedBy: () => string | undefined): Inside => {
  let seen = stateOf(platform);
  return {
    platform,
    failedBy,
    holding: (command, x, pe) => holding(platform, command, x, pe),
    changes() {
      const now = stateOf(platform);
      const keys = new Set([...seen.keys(), ...now.keys()]);
      const changed = [...keys].filter((key) => seen.get(key) !== now.get(key));
      seen = now;
      return changed;
    },
    loseAttestationKeys() {
      platform.rmm.state.attestation = undefined;
    },
  };
};

const holding = (platform: Platform, command: Command, x: Registers, pe: number): ReadonlySet<string> => {
  const { state } = platform.rmm;
  const running = command.name.startsWith('RMI_') ? undefined : state.running(pe)?.rec;
  const monitor = running === undefined ? state : realmCall(state, running, () => undefined);
  const frame = frameOf(prepare(command), x, monitor);
  const holds = (id: string): boolean => {
    const pre = command.failures[id]?.pre as ((f: object) => boolean) | undefined;
    try {
      return pre?.(frame) === true;
    } catch {
      // A condition that reads what does not exist has no meaning yet: another one has to hold first.
      return false;
    }
  };
  return new Set(Object.keys(command.failures).filter(holds));
};

/** Registers of a REC that an SMC of its own always changes. */
const CALLER_STATE: ReadonlySet<string> = new Set(['gprs', 'pc', 'abort']);

/** Everything that a machine remembers, piece by piece. Records are replaced whole, so identity is equality. */
const stateOf = ({ rmm: { state }, memory }: Platform): Map<string, unknown> => {
  const pieces = new Map<string, unknown>();
  const at = (pa: bigint): string => `0x${pa.toString(16)}`;
  for (const [pa, granule] of state.granules()) pieces.set(`granule ${at(pa)}`, granule);
  for (const [rd, realm] of state.realms()) pieces.set(`Realm ${at(rd)}`, realm);
  for (const [rtt, table] of state.rtts()) pieces.set(`RTT ${at(rtt)}`, table);
  for (const [rec, record] of state.recs()) {
    const running = record.state === 'REC_RUNNING';
    for (const [member, value] of Object.entries(record)) {
      if (!(running && CALLER_STATE.has(member))) pieces.set(`REC ${at(rec)}.${member}`, value);
    }
  }
  for (const [pa, page] of memory.touched()) pieces.set(`memory ${at(pa)}`, page);
  for (const [pa] of state.granules()) pieces.set(`GPT ${at(pa)}`, memory.gpt(pa));
  return pieces;
};

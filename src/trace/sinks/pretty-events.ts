import type { EventValue, Members, TraceEvent } from '../event.ts';
import { address, bytesText, changesText, membersText, valueText } from './pretty-values.ts';

type EventOf<T extends TraceEvent['type']> = Extract<TraceEvent, { readonly type: T }>;

/** Events of the runner are told together, as one block for each command: see `pretty.ts`. */
type Told = Exclude<
  TraceEvent['type'],
  'command.enter' | 'command.check' | 'command.return' | 'smc.call' | 'smc.return'
>;

interface Teller<T extends Told> {
  /** Whether the event is a change of the monitor's state. */
  readonly changes: boolean;
  /** Undefined for what goes without saying. */
  readonly tell: (event: EventOf<T>) => string | undefined;
}

const change = <T extends Told>(tell: Teller<T>['tell']): Teller<T> => ({ changes: true, tell });
const note = <T extends Told>(tell: Teller<T>['tell']): Teller<T> => ({ changes: false, tell });

const at = (value: bigint | string): string => address(BigInt(value));
const member = (of: EventValue, name: string): EventValue =>
  typeof of === 'object' && !Array.isArray(of) ? (of as Members)[name] : undefined;

const recordChange = (what: string, from: Members | undefined, to: Members | undefined): string => {
  if (from === undefined) return `${what} created: ${membersText(to ?? {})}`;
  return to === undefined ? `${what} destroyed` : `${what} ${changesText(from, to)}`;
};

const rtte = (entry: Members): string =>
  Object.values(entry)
    .map(valueText)
    .filter((text) => text !== '0x0')
    .join(' ');

const SLOT_NAMES = ['RIM', 'REM 1', 'REM 2', 'REM 3', 'REM 4'];
const ACCESS_VERBS = { read: 'reads', write: 'writes', fetch: 'fetches' } as const;

/** One line for each event, without indentation. */
export const TELLERS: { readonly [T in Told]: Teller<T> } = {
  'machine.start': note(({ version, config }) => {
    const seed = valueText(member(config['device'], 'seed'));
    const firmware = valueText(member(config['firmware'], 'name'));
    return `machine starts: swcca ${version}, seed ${seed}, firmware ${firmware}, dialect ${valueText(member(config['dialect'], 'name'))}`;
  }),
  'host.write': note(({ pa, bytes }) => `Host writes ${bytes.length / 2} bytes at ${at(pa)}`),
  'realm.access': note(
    ({ access, length, ipa, pe }) => `Realm on PE ${pe} ${ACCESS_VERBS[access]} ${length} bytes at IPA ${at(ipa)}`,
  ),
  'realm.access.result': note(({ result }) => (result === 'done' ? undefined : `  → ${result}`)),
  'pe.interrupt': note(({ pe, kind, polls }) => `${kind} for PE ${pe}${polls === 0 ? '' : `, seen at look ${polls}`}`),
  'pe.event': note(({ pe, kind, detail }) => `PE ${pe}: ${kind} ${membersText(detail)}`),
  'gpt.entry': change(({ pa, from, to }) => `GPT of ${at(pa)}: ${from} → ${to}`),
  'granule.state': change(({ pa, from, to }) => `granule ${at(pa)}: ${from} → ${to}`),
  'realm.change': change(({ rd, from, to }) => recordChange(`Realm ${at(rd)}`, from, to)),
  'rec.change': change(({ rec, from, to }) => recordChange(`REC ${at(rec)}`, from, to)),
  'rtt.table': change(({ rtt, level, entries }) => {
    if (entries === undefined) return `RTT ${at(rtt)} of level ${level} removed`;
    const shown = Object.entries(entries).map(([range, entry]) => `${range} ${rtte(entry as Members)}`);
    return `RTT ${at(rtt)} of level ${level}: ${shown.join(', ')}`;
  }),
  'rtt.entry': change(
    ({ rtt, level, index, from, to }) =>
      `RTT ${at(rtt)} of level ${level}, entry ${index}: ${rtte(from)} → ${rtte(to)}`,
  ),
  measurement: change(({ slot, step, descriptor, from, to }) => {
    const { rim: _, ...shown } = descriptor;
    return `${SLOT_NAMES[slot] ?? `slot ${slot}`}: ${step}(${membersText(shown)}): ${bytesText(from)} → ${bytesText(to)}`;
  }),
  'attest.state': change(
    ({ rec, from, to, detail }) =>
      `token of REC ${at(rec)}: ${from} → ${to}, ${valueText(detail['copied'])} bytes given`,
  ),
  'realm.enter': note(({ pe, rec, pc }) => `→ Realm: REC ${at(rec)} runs on PE ${pe} from ${at(pc)}`),
  'realm.exit': note(({ rec, exit }) => `← Host: REC ${at(rec)} left: ${membersText(exit)}`),
  'el3.call': note(({ call, result }) => `EL3 ${call} → ${result.map((x) => at(x)).join(', ')}`),
  'hes.boot': note(({ epoch, detail }) => `HES boots (${epoch}): ${membersText(detail)}`),
  'hes.extend': note(
    ({ slot, from, to, result }) =>
      `HES slot ${slot}: ${from === '' ? 'empty' : bytesText(from)} → ${bytesText(to)} (${result})`,
  ),
  'hes.delegated_key': note(({ detail, result }) => `HES delegated key → ${result}: ${membersText(detail)}`),
  'hes.platform_token': note(({ detail, result }) => `HES platform token → ${result}: ${membersText(detail)}`),
  'hes.operation': note(({ op, detail, result }) => `HES ${op} → ${result}: ${membersText(detail)}`),
  fault: note(({ at: seam, nth, act }) => `fault at call ${nth} of ${seam}: ${act}`),
  'rmm.boot': note(({ detail }) => `RMM boots: ${membersText(detail)}`),
};

import type { Platform } from '../platform/index.ts';
import type { Act } from './ast.ts';
import { prepareCall } from './call-registers.ts';
import { numberOf, type Surroundings } from './evaluate.ts';
import { enter, hostSmc } from './host-acts.ts';
import { fetch, read, write } from './memory-acts.ts';
import type { Outcome } from './outcome.ts';
import type { Place } from './problem.ts';
import { realmOutcome } from './realm-acts.ts';
import type { Stage } from './stage.ts';

/** What an act does; undefined when it comes to nothing that can be expected. */
export const perform = (stage: Stage, place: Place, act: Act): Outcome | undefined => {
  const around = stage.around(place);
  const { pe } = stage;
  const platform = (): Platform => stage.platform(place);
  switch (act.act) {
    case 'call': {
      const { x } = prepareCall(stage, place, act);
      if (act.family === 'rmi') return hostSmc(stage, place, x, act.command);
      return realmOutcome(stage, place, () => platform().realmSmc(x, pe), { family: act.family, command: act.command });
    }
    case 'smc': {
      const x = act.x.map((value) => numberOf(value, around));
      const command = platform().rmm.commands.rmi.find(({ fid }) => BigInt(fid) === x[0]);
      return act.caller === 'host'
        ? hostSmc(stage, place, x, command)
        : realmOutcome(stage, place, () => platform().realmSmc(x, pe));
    }
    case 'enter':
      return enter(stage, place, act);
    case 'read':
      return read(stage, place, act);
    case 'write':
      return write(stage, place, act);
    case 'fetch':
      return fetch(stage, place, act);
    case 'wait': {
      const timeout = act.timeout === undefined ? {} : { timeout: numberOf(act.timeout, around) };
      const event = act.kind === 'wfi' ? { wfi: timeout } : { wfe: timeout };
      return realmOutcome(stage, place, () => platform().realmEvent(event, pe));
    }
    case 'hvc': {
      const imm = Number(numberOf(act.imm, around) & 0xffffn);
      return realmOutcome(stage, place, () => platform().realmEvent({ hvc: { imm } }, pe));
    }
    case 'interrupt':
      return interrupt(stage, place, act, around);
    default:
      return undefined;
  }
};

const interrupt = (
  stage: Stage,
  place: Place,
  { kind, fields }: Extract<Act, { act: 'interrupt' }>,
  around: Surroundings,
): Outcome => {
  const platform = stage.platform(place);
  const running = platform.rmm.state.running(stage.pe);
  const given = Object.fromEntries(fields.map(({ member, value }) => [member.name, numberOf(value, around)]));
  const { polls, esr } = given;
  const raise = () =>
    platform.interrupt(kind, {
      pe: stage.pe,
      ...(polls === undefined ? {} : { polls: Number(polls & 0xffff_ffffn) }),
      ...(esr === undefined ? {} : { esr }),
    });
  if (running === undefined) {
    raise();
    return { kind: 'done', text: `${kind} is pending on PE ${stage.pe}`, members: {}, x: [] };
  }
  return realmOutcome(stage, place, () => {
    const x = raise();
    return x === undefined ? { kind: 'done' } : { kind: 'exit', x };
  });
};

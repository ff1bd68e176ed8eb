import { RmiRecExit } from '../abi/index.ts';
import type { Act } from './ast.ts';
import { evaluate, numberOf } from './evaluate.ts';
import { structureValues } from './fields.ts';
import { buildRealm } from './given-realm.ts';
import { impossible, type Place } from './problem.ts';
import { impDefSettings, machineSettings } from './settings.ts';
import type { Stage } from './stage.ts';

const MAX_PE = 4095;

/** Does what comes to nothing that can be expected: settings, names, what the world around is. */
export const settle = (stage: Stage, place: Place, act: Act): void => {
  const around = stage.around(place);
  switch (act.act) {
    case 'setting':
      stage.beforeBoot(place);
      if (act.of === 'machine') stage.machine = machineSettings(act.fields, around, stage.machine);
      else stage.impDef = impDefSettings(act.fields, around, stage.impDef);
      return;
    case 'switch':
      stage.beforeBoot(place);
      stage.switches = [...stage.switches, ...act.changes];
      return;
    case 'seed':
      stage.beforeBoot(place);
      stage.seed = act.seed;
      return;
    case 'config':
      stage.bootFrom(place, act.json);
      return;
    case 'personality': {
      stage.beforeBoot(place);
      const [only, second] = act.names;
      // Several names ask whoever runs the script to run it once under each.
      if (only !== undefined && second === undefined) stage.personality = only;
      return;
    }
    case 'let':
      stage.names.set(act.name, evaluate(act.value, around));
      return;
    case 'pe': {
      const pe = numberOf(act.pe, around);
      if (pe > BigInt(MAX_PE)) throw impossible(act.pe, `there are PEs 0 to ${MAX_PE}`);
      stage.pe = Number(pe);
      return;
    }
    case 'realm': {
      stage.realms += 1;
      const names = buildRealm(stage.platform(place), stage.pe, place, act, around, stage.realms);
      for (const [name, value] of names) stage.names.set(name, value);
      for (let i = 0; ; i += 1) {
        const rec = names.get(`${act.name}.rec${i}`);
        const run = names.get(`${act.name}.run${i}`);
        if (typeof rec !== 'bigint' || typeof run !== 'bigint') return;
        stage.runPages.set(rec, run);
      }
    }
    case 'devices': {
      const rec = numberOf(act.rec, around);
      stage.platform(place).devices(rec, structureValues(RmiRecExit as never, act.fields, around));
    }
  }
};

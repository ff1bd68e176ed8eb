import { type Around, createDraws, lookAround } from './generate/draws.ts';
import { createHostActs } from './generate/host-acts.ts';
import { createRealmActs } from './generate/realm-acts.ts';
import { type Observed, PES } from './observe.ts';
import type { Random } from './random.ts';
import type { Scene } from './scenes.ts';
import type { Step } from './step.ts';

/**
 * What a Host and its Realms could do next, drawn by someone who sees the whole machine: most acts are sound, so that
 * sequences get deep; in the others one value is not what it should be.
 */
export interface Generator {
  /** The next acts: one command, after the writes that prepare it. */
  next(seen: Observed): readonly Step[];
}

export const createGenerator = (random: Random, scene: Scene): Generator => {
  const draws = createDraws(random, scene);
  const hostMenu = createHostActs(draws);
  const realmMenu = createRealmActs(draws);
  const { one } = draws;
  let around: Around | undefined;

  const interrupt = (pe: number): Step[] => [
    { act: 'interrupt', pe, kind: random.pick(['IRQ', 'IRQ', 'FIQ', 'SERROR']), polls: random.pick([0, 0, 1, 2]) },
  ];
  const devices = (at: Around): Step[] => {
    const [address] = one(at.recs) ?? [];
    if (address === undefined) return [];
    const values = {
      ...(random.chance(50) && { gicv3_hcr: random.word() }),
      ...(random.chance(50) && { gicv3_lrs: Array.from({ length: 16 }, random.word) }),
      gicv3_misr: random.word(),
      gicv3_vmcr: random.word(),
      cntp_ctl: random.word(),
      cntp_cval: random.word(),
      cntv_ctl: random.word(),
      cntv_cval: random.word(),
      pmu_ovf_status: random.below(2),
    };
    return [{ act: 'devices', rec: BigInt(address), values }];
  };

  const onPe = (steps: readonly Step[], pe: number): readonly Step[] =>
    pe === 0 ? steps : steps.map((step) => (step.act === 'host' ? { ...step, pe } : step));

  return {
    next(seen) {
      if (around?.seen !== seen) around = lookAround(scene.pool, seen);
      const at = around;
      for (;;) {
        if (random.chance(3)) return interrupt(random.pick(PES));
        if (random.chance(1)) {
          const steps = devices(at);
          if (steps.length > 0) return steps;
        }
        const pe = random.pick(PES);
        const running = seen.running[pe];
        if (running === undefined) {
          const steps = random.weighted(hostMenu(at))(at);
          if (steps.length > 0) return onPe(steps, pe);
          continue;
        }
        const rec = seen.recs.get(Number(running.rec));
        return random.weighted(realmMenu(at, pe, Number(rec?.owner ?? 0n), rec))();
      }
    },
  };
};

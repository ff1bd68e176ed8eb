import { PLATFORM_PROFILES, type PlatformProfile } from '../token/index.ts';
import type { FirmwareComponent, FirmwareSet } from './firmware-set.ts';
import { LCS } from './lifecycle.ts';

/** Whether a set makes a chip claim what no known firmware emits. */
export const isSynthetic = ({ lcs, lifecycle }: FirmwareSet): boolean =>
  lifecycle !== undefined && lifecycle !== LCS[lcs].claim;

/** What a set states of its components and a platform profile has no claim for, one sentence each. */
export const leftOut = ({ components }: FirmwareSet, profile: PlatformProfile): readonly string[] => {
  const { component, value } = PLATFORM_PROFILES[profile];
  const typesWith = (has: (each: FirmwareComponent) => boolean): string =>
    components
      .filter(has)
      .map(({ type }) => type)
      .join(', ');
  const stated = [
    ['countersigner_ids', 'countersigners', typesWith(({ countersigners }) => countersigners !== undefined)],
    ['live_activation', 'whether they can be activated live', typesWith((each) => each.liveActivation !== undefined)],
  ] as const;
  return stated.flatMap(([claim, what, types]) =>
    types === '' || claim in component ? [] : [`${value} has no claim for ${what}: left out for ${types}`],
  );
};

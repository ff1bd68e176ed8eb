import type { GuestStep, RealmPlan } from '../../host/index.ts';
import { digestOf } from '../io/digest.ts';
import { readChallenge } from '../options/challenge.ts';
import type { RealmOptions } from '../options/realm.ts';
import { misfit } from '../yaml/read.ts';
import { blaming, type Opened, optionOrigin, originOf } from './opened.ts';
import type { RealmFileContent } from './shape.ts';

/** What the guest does: the steps of the file, what options add, and at least one token that is asked for. */
export const guestOf = async (
  { guest }: RealmFileContent,
  options: RealmOptions,
  hash: RealmPlan['hash'],
  opened: Opened,
  note: (text: string) => void,
): Promise<readonly GuestStep[]> => {
  const told = options.challenge === undefined ? undefined : await readChallenge(options.challenge, note);
  const steps: GuestStep[] = [];
  for (const step of guest) {
    if (step.key === 'extend') steps.push(await extendOf(step.value, hash, opened));
    else steps.push({ do: 'attest', challenge: told ?? (await challengeOf(step.value.challenge, opened, note)) });
  }
  if (!steps.some((step) => step.do === 'attest')) steps.push({ do: 'attest', challenge: told });
  const added: GuestStep[] = [];
  for (const { text, rem, value } of options.extends) {
    const bytes =
      value.from === 'bytes'
        ? value.bytes
        : await blaming(optionOrigin('extend', text), async () => digestOf(await opened.open(value.path), hash));
    added.push({ do: 'extend', rem, value: bytes });
  }
  const first = steps.findIndex((step) => step.do === 'attest');
  return [...steps.slice(0, first), ...added, ...steps.slice(first)];
};

type FileStep = RealmFileContent['guest'][number];

const challengeOf = async (
  challenge: Extract<FileStep, { readonly key: 'attest' }>['value']['challenge'],
  opened: Opened,
  note: (text: string) => void,
): Promise<Uint8Array | undefined> => {
  if (challenge === undefined) return undefined;
  const { value, place } = challenge;
  const source = value.from === 'file' ? { ...value, path: opened.path(value.path) } : value;
  return blaming(originOf(place), () => readChallenge(source, note));
};

const extendOf = async (
  { value, place }: Extract<FileStep, { readonly key: 'extend' }>['value'],
  hash: RealmPlan['hash'],
  opened: Opened,
): Promise<GuestStep> => {
  const { rem, file, hex } = value;
  if (file !== undefined && hex === undefined) {
    const digest = await blaming(originOf(file.place), async () =>
      digestOf(await opened.open(opened.path(file.value)), hash),
    );
    return { do: 'extend', rem, value: digest };
  }
  if (hex !== undefined && file === undefined) return { do: 'extend', rem, value: hex };
  throw misfit(place, 'takes either file or hex');
};

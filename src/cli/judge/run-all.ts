import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Verifier } from './answer.ts';
import type { Case } from './case.ts';
import { judge, type Result } from './judgement.ts';
import { filesOf } from './template.ts';

export const DEFAULT_MEDIA_TYPE = 'application/eat+cwt; eat_profile="tag:arm.com,2023:cca_platform#1.0.0"';

/**
 * Puts every case to a verifier, several at a time.
 *
 * @param verifiers  as many as may run at a time; each answers one question after the other.
 * @param common     the challenge of the corpus, in hexadecimal.
 * @returns results in the order of the cases.
 */
export const askAll = async (
  verifiers: readonly Verifier[],
  cases: readonly Case[],
  common: string,
  scratch: string,
  onResult: (result: Result) => void = () => undefined,
): Promise<readonly Result[]> => {
  const results = new Array<Result>(cases.length);
  let next = 0;
  const work = async (verifier: Verifier): Promise<void> => {
    for (let i = next++; i < cases.length; i = next++) {
      const one = cases[i];
      if (one === undefined) return;
      const { description } = one;
      const own = join(scratch, String(i));
      mkdirSync(own);
      const answer = await verifier.ask({
        files: filesOf(one, common, own),
        mediaType: description.given.media_type ?? DEFAULT_MEDIA_TYPE,
      });
      rmSync(own, { recursive: true, force: true });
      const result = { description, answer, judgement: judge(description, answer) };
      results[i] = result;
      onResult(result);
    }
  };
  try {
    await Promise.all(verifiers.map(work));
  } finally {
    for (const verifier of verifiers) verifier.close();
  }
  return results;
};

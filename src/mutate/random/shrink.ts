import { mutationOfSteps, type RandomMutation } from './random.ts';

/**
 * Leaves out steps as long as what is left still fails.
 *
 * @param fails  whether a mutation is judged otherwise than it should be; its verdict is that of the steps it has.
 * @returns a mutation that fails, and of which no single step can be left out.
 */
export const shrink = async (
  mutation: RandomMutation,
  fails: (candidate: RandomMutation) => boolean | Promise<boolean>,
): Promise<RandomMutation> => {
  let smallest = mutation;
  for (let i = 0; i < smallest.steps.length; ) {
    const candidate = mutationOfSteps(mutation.id, smallest.steps.toSpliced(i, 1));
    if (await fails(candidate)) smallest = candidate;
    else i += 1;
  }
  return smallest;
};

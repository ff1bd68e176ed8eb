class Refusal extends Error {}

export const refuse = (text: string): never => {
  throw new Refusal(text);
};

export const syntax = (text: string): never => refuse(`Syntax error: ${text}`);
export const semantic = (text: string): never => refuse(`Semantic error: ${text}`);
export const mismatch = (text: string): never => refuse(`Claim type mismatch: ${text}`);

/** What reading came to, step by step: the value, or the text that ended it. */
export type Step<T> = { readonly value: T } | { readonly error: string };

export const attempt = <T>(read: () => T): Step<T> => {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof Refusal) return { error: error.message };
    throw error;
  }
};

export const had = <T>(step: Step<T>): T => ('value' in step ? step.value : refuse(step.error));

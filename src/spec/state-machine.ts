/** A state machine as the table of its edges: it runs, it refuses, and it draws itself. */
export interface StateMachine<S extends string, E extends string> {
  readonly name: string;
  readonly spec: string;
  readonly edges: { readonly [From in S]: { readonly [On in E]?: S } };
  /** The state that `on` leads to, or undefined where there is no such edge. */
  next(from: S, on: E): S | undefined;
  allows(from: S, to: S): boolean;
  mermaid(): string;
}

export const stateMachine = <S extends string, E extends string>(
  name: string,
  spec: string,
  edges: { readonly [From in S]: { readonly [On in E]?: S } },
): StateMachine<S, E> => {
  const reached = new Map(Object.entries<object>(edges).map(([from, out]) => [from, new Set(Object.values(out))]));
  return {
    name,
    spec,
    edges,
    next: (from, on) => edges[from][on],
    allows: (from, to) => reached.get(from)?.has(to) === true,
    mermaid: () =>
      [
        'stateDiagram-v2',
        ...Object.entries<{ readonly [On in E]?: S }>(edges).flatMap(([from, out]) =>
          Object.entries(out).map(([on, to]) => `  ${from} --> ${String(to)}: ${on}`),
        ),
      ].join('\n'),
  };
};

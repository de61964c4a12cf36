import type { Resolver } from './compiled.ts';

export interface Member {
  readonly key: string;
  readonly resolve: Resolver;
}

/**
 * Makes objects of these members; `some` makes one in which not all of them are, given the values of all. Written out as
 * code, as in `generatedObject`, so that there is no list of the values.
 */
export function generatedMembers(
  members: readonly Member[],
  some: (values: readonly unknown[]) => Record<string, unknown>,
): Resolver {
  const values = members.map((_, index) => `value${index}`);
  const code = `
    const [${members.map((_, index) => `resolve${index}`).join(', ')}] = resolvers;
    return (frame) => {
      ${values.map((value, index) => `const ${value} = resolve${index}(frame);`).join('\n')}
      if (${values.map((value) => `${value} === undefined`).join(' || ')}) return some([${values.join(', ')}]);
      return {${members.map(({ key }, index) => `${JSON.stringify(key)}: ${values[index]}`).join(', ')}};
    };`;
  return new Function('resolvers', 'some', code)(
    members.map(({ resolve }) => resolve),
    some,
  ) as Resolver;
}

/** Arguments together with the expressions they were written as. */
import type { CallArguments } from "./calls.ts";
import type { Argument } from "./library.ts";

export function argumentsFor(args: CallArguments): { positional: Argument[]; named: Map<string, Argument> } {
  const source = (key: number | string): Argument["expr"] => args.sources.get(key)?.value ?? null;
  return {
    positional: args.positional.map((value, i) => ({ value, expr: source(i) })),
    named: new Map([...args.named].map(([name, value]) => [name, { value, expr: source(name) }] as const)),
  };
}

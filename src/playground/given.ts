/**
 * An operand whose values are given instead of made: what its shape asks of the sizes, and what no longer fits once a
 * size is turned. The values themselves are elsewhere; here is only where they come from and which shape they have.
 */

import type { SizedOperand } from "./axes.ts";
import { planOf, sizeOf, type Axis } from "./plan.ts";
import type { Problem } from "./problems.ts";
import type { Bench, GivenValues } from "./state.ts";
import { count } from "./words.ts";

const printed = (shape: readonly number[]): string =>
  `(${shape.map(count).join(", ")}${shape.length === 1 ? "," : ""})`;

/** The bench with these values in one operand and the sizes that they need, or why that cannot be. */
export function withGiven(bench: Bench, operand: number, given: GivenValues): Bench | { readonly problem: string } {
  const plan = planOf(bench.operation);
  const axes = plan.operands[operand] ?? [];
  const name = bench.operation.operands[operand]?.name ?? "the operand";
  const shape = withoutOnes(given.shape, axes.length);
  const leading = axes.length - shape.length;
  if (leading < 0) {
    const problem = `${given.from} is ${printed(shape)}; ${name} has ${axes.length} dimensions here: (${axes.join(", ")}).`;
    return { problem };
  }
  // A list of numbers is a row of a matrix; more leading axes than the values have are shared by all.
  const shared = Math.min(leading, Math.max(0, axes.length - 2));
  const whole = [...Array.from({ length: leading - shared }, () => 1), ...shape];
  const sizes = sizesFor(bench, axes.slice(shared), whole);
  if ("problem" in sizes) return { problem: `${given.from} is ${printed(shape)}, but ${sizes.problem}` };
  return {
    ...bench,
    sizes: sizes.sizes,
    fills: bench.fills.map((fill, i) => (i === operand ? "given" : fill)),
    shared: bench.shared.map((kept, i) => (i === operand ? shared : kept)),
    given: bench.operation.operands.map((_, i) =>
      i === operand ? { ...given, shape: whole } : (bench.given[i] ?? null),
    ),
  };
}

/** Leading ones beyond the rank say nothing. */
function withoutOnes(shape: readonly number[], rank: number): readonly number[] {
  let first = 0;
  while (shape.length - first > rank && shape[first] === 1) first++;
  const rest = shape.slice(first);
  return rest.length === 0 ? [1] : rest;
}

function sizesFor(
  bench: Bench,
  axes: readonly Axis[],
  shape: readonly number[],
): { readonly sizes: Bench["sizes"] } | { readonly problem: string } {
  const plan = planOf(bench.operation);
  const sizes: Record<string, number> = { ...bench.sizes };
  const set = new Map<string, number>();
  const follows = (axis: Axis): boolean => plan.dimensions.find(({ name }) => name === axis)?.follows !== undefined;
  for (const [i, axis] of axes.entries()) {
    const size = shape[i] ?? 1;
    if (axis === 1 && size !== 1) return { problem: `dimension ${i} is 1 in the code.` };
    if (axis === 1 || follows(axis)) continue;
    const known = set.get(axis);
    if (known !== undefined && known !== size)
      return { problem: `${axis} would be ${count(known)} and ${count(size)}.` };
    set.set(axis, size);
    sizes[axis] = size;
  }
  for (const [i, axis] of axes.entries()) {
    const size = sizeOf(plan, sizes, axis);
    if (axis !== 1 && size !== (shape[i] ?? 1)) return { problem: `${axis} is ${count(size)} with these sizes.` };
  }
  return { sizes };
}

/** The given values that no longer fit the sizes on screen. */
export function givenProblem(bench: Bench, operands: readonly SizedOperand[]): Problem | undefined {
  for (const [i, operand] of operands.entries()) {
    const given = bench.given[i];
    if (bench.fills[i] !== "given" || given === undefined || given === null) continue;
    const sizes = operand.axes.map(({ size }) => size);
    if (sizes.join() === given.shape.join()) continue;
    const odd = operand.axes.find(({ size }, k) => size !== given.shape[k]);
    const back = withGiven(bench, i, given);
    return {
      says: [
        { code: operand.name },
        ` was given as ${printed(given.shape)} (${given.from}); with these sizes it is ${printed(sizes)}.`,
      ],
      ...(odd === undefined || odd.axis === 1 ? {} : { dimension: odd.axis }),
      ...("problem" in back
        ? {}
        : { remedy: { title: `Use ${printed(given.shape)}`, change: (old: Bench) => usedAgain(old, i, given) } }),
    };
  }
  return undefined;
}

function usedAgain(bench: Bench, operand: number, given: GivenValues): Bench {
  const back = withGiven(bench, operand, given);
  return "problem" in back ? bench : back;
}

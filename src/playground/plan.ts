/**
 * How an operation's dimensions become sizes that a person can turn: which axes are the same dimension, what each is
 * called, what it does in the operation, and where it starts. It knows nothing of values, devices or pictures.
 */

import { evaluate, parseExpression, symbolsOf, type Expression } from "./expression.ts";
import type { Dimension, Operation } from "./operation.ts";

/** What a dimension does. The role gives it its colour, its usual letter and its first size. */
export type Role = "batch" | "heads" | "rows" | "columns" | "inner" | "values";

/** The name of a dimension; the literal 1 is broadcast and has no slider. */
export type Axis = string | 1;

export type PlannedDimension = {
  readonly name: string;
  readonly role: Role;
  /** The word beside the letter: `batch`, `queries`. */
  readonly meaning: string;
  /** The size that the code fixes, where it does. */
  readonly inCode: number | undefined;
  /** Set when the size follows others, such as `3*C` beside `C`. */
  readonly follows: Expression | undefined;
};

export type Plan = {
  /** In the order of the result's axes, then what is summed over. */
  readonly dimensions: readonly PlannedDimension[];
  /** The axes of each operand as stored; a vector has one. */
  readonly operands: readonly (readonly Axis[])[];
};

type Slot = { readonly role: Role; readonly letter: string; readonly meaning: string; readonly broadcasts: boolean };

/** What stands at an axis of an operand: axes in one slot are one dimension. */
const SLOT = {
  rows: { role: "rows", letter: "M", meaning: "rows", broadcasts: false },
  columns: { role: "columns", letter: "N", meaning: "columns", broadcasts: false },
  inner: { role: "inner", letter: "K", meaning: "summed over", broadcasts: false },
  queries: { role: "rows", letter: "T", meaning: "queries", broadcasts: false },
  keys: { role: "columns", letter: "S", meaning: "keys", broadcasts: false },
  features: { role: "inner", letter: "D", meaning: "features", broadcasts: false },
  values: { role: "values", letter: "E", meaning: "value features", broadcasts: false },
  heads: { role: "heads", letter: "H", meaning: "heads", broadcasts: true },
  groups: { role: "heads", letter: "G", meaning: "key heads", broadcasts: true },
} as const satisfies Record<string, Slot>;

const BATCH_LETTERS = ["B", "H", "G", "P", "R", "U"];

/** The batch slot at this distance from the end: rank 4 reads (B, H, …), rank 3 reads (B, …). */
function batchSlot(fromEnd: number, count: number): Slot {
  const letter = BATCH_LETTERS[count - 1 - fromEnd] ?? "B";
  const heads = letter === "H";
  return { role: heads ? "heads" : "batch", letter, meaning: heads ? "heads" : "batch", broadcasts: true };
}

/** The slots of each operand's axes, in order. */
function slotsOf(operation: Operation): readonly (readonly Slot[])[] {
  const ranks = operation.operands.map((operand) => operand.dims.length);
  if (operation.operator === "attention") {
    const [q, k, v] = operation.operands;
    const grouped = q.dims.length > 2 && k.dims.length > 2 && q.dims.at(-3) !== k.dims.at(-3);
    const heads = grouped && k.dims.at(-3) !== 1 ? SLOT.groups : SLOT.heads;
    const values = v.dims.at(-1) === k.dims.at(-1) ? SLOT.features : SLOT.values;
    const count = Math.max(...ranks) - 3;
    const batch = (rank: number): readonly Slot[] =>
      Array.from({ length: Math.max(0, rank - 3) }, (_, i) => attentionBatch(rank - 4 - i, count));
    const tail = (rank: number, three: readonly Slot[]): readonly Slot[] => [...batch(rank), ...three.slice(-rank)];
    return [
      tail(q.dims.length, [SLOT.heads, SLOT.queries, SLOT.features]),
      tail(k.dims.length, [heads, SLOT.keys, SLOT.features]),
      tail(v.dims.length, [heads, SLOT.keys, values]),
    ];
  }
  const { transposeA = false, transposeB = false } = operation.options;
  const count = Math.max(...ranks) - 2;
  const matrix = (rank: number, two: readonly [Slot, Slot], flipped: boolean): readonly Slot[] => [
    ...Array.from({ length: rank - 2 }, (_, i) => batchSlot(rank - 3 - i, count)),
    ...(flipped ? [two[1], two[0]] : two),
  ];
  const [a, b] = operation.operands;
  return [
    a.dims.length === 1 ? [SLOT.inner] : matrix(a.dims.length, [SLOT.rows, SLOT.inner], transposeA),
    b.dims.length === 1 ? [SLOT.inner] : matrix(b.dims.length, [SLOT.inner, SLOT.columns], transposeB),
  ];
}

function attentionBatch(fromEnd: number, count: number): Slot {
  const letter = ["B", "P", "R", "U"][count - 1 - fromEnd] ?? "B";
  return { role: "batch", letter, meaning: "batch", broadcasts: true };
}

/** Reads the operation's dimensions. Rank and arity have been checked by `problemsOf`. */
export function planOf(operation: Operation): Plan {
  const slots = slotsOf(operation);
  const names = new Names(operation);
  const operands = operation.operands.map((operand, i) =>
    operand.dims.map((dim, j) => names.axis(dim, slots[i]?.[j] ?? SLOT.inner)),
  );
  return { dimensions: names.planned(operands), operands };
}

/** Gives each axis its name, while the operands are read from left to right. Lives for one plan. */
class Names {
  readonly #taken: Set<string>;
  /** What the code calls the dimension in a slot, if it has a name. */
  readonly #spoken = new Map<string, string>();
  readonly #numbered = new Map<string, string>();
  readonly #slots = new Map<string, Slot>();
  readonly #inCode = new Map<string, number>();

  constructor(operation: Operation) {
    const slots = slotsOf(operation);
    const written = operation.operands.flatMap((operand) => operand.dims.filter((dim) => typeof dim === "string"));
    this.#taken = new Set(written);
    operation.operands.forEach((operand, i) => {
      operand.dims.forEach((dim, j) => {
        const slot = slots[i]?.[j];
        if (slot !== undefined && typeof dim === "string" && !this.#spoken.has(slot.letter))
          this.#spoken.set(slot.letter, dim);
      });
    });
  }

  axis(dim: Dimension, slot: Slot): Axis {
    if (dim === 1 && slot.broadcasts) return 1;
    if (typeof dim === "string") return this.#meet(dim, slot);
    // A number opposite a name in the same place is that name's size.
    const spoken = this.#spoken.get(slot.letter);
    const known = spoken === undefined ? undefined : this.#inCode.get(spoken);
    if (spoken !== undefined && (known === undefined || known === dim)) {
      this.#inCode.set(spoken, dim);
      return this.#meet(spoken, slot);
    }
    const key = `${slot.letter}=${dim}`;
    const name = this.#numbered.get(key) ?? this.#fresh(slot.letter);
    this.#numbered.set(key, name);
    this.#inCode.set(name, dim);
    return this.#meet(name, slot);
  }

  planned(operands: readonly (readonly Axis[])[]): readonly PlannedDimension[] {
    const bare = new Set(this.#slots.keys());
    const order: readonly Role[] = ["batch", "heads", "rows", "columns", "inner", "values"];
    const found = [...this.#slots].filter(([name]) => operands.some((axes) => axes.includes(name)));
    return found
      .map(([name, slot]) => ({
        name,
        role: slot.role,
        meaning: slot.meaning,
        inCode: this.#inCode.get(name),
        follows: following(name, bare),
      }))
      .sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role));
  }

  #meet(name: string, slot: Slot): string {
    if (!this.#slots.has(name)) this.#slots.set(name, slot);
    return name;
  }

  #fresh(letter: string): string {
    let name = letter;
    while (this.#taken.has(name)) name += "′";
    this.#taken.add(name);
    return name;
  }
}

/** An expression follows the sliders when each of its names is one; otherwise it is a slider of its own. */
function following(name: string, sliders: ReadonlySet<string>): Expression | undefined {
  const expression = parseExpression(name);
  if (expression === undefined || expression.kind === "symbol") return undefined;
  const symbols = symbolsOf(expression);
  return symbols.length > 0 && symbols.every((symbol) => sliders.has(symbol)) ? expression : undefined;
}

const FIRST_SIZE: Readonly<Record<Role, number>> = { batch: 2, heads: 4, rows: 16, columns: 16, inner: 8, values: 8 };

/** Work and room that a picture can take and still follow every movement of a slider, on any device. */
const MODEST_MACS = 2 ** 23;
const MODEST_ELEMENTS = 2 ** 18;

/** The sizes that the code fixes, and usual ones for those that it leaves open. */
export function sizesInCode(plan: Plan): Readonly<Record<string, number>> {
  const open = plan.dimensions.filter(({ follows }) => follows === undefined);
  const summed = open.filter(({ role }) => role === "inner");
  const usual = (dimension: PlannedDimension): number =>
    // Two names for what is summed over are two sizes, as far as the code tells.
    FIRST_SIZE[summed.indexOf(dimension) > 0 ? "rows" : dimension.role];
  return Object.fromEntries(
    open.map((dimension) => [dimension.name, Math.max(1, dimension.inCode ?? usual(dimension))]),
  );
}

/** Sizes to open with: those of the code where a picture can show them whole, and otherwise smaller ones. */
export function firstSizes(plan: Plan): Readonly<Record<string, number>> {
  const sizes: Record<string, number> = { ...sizesInCode(plan) };
  const volume = (axes: readonly Axis[]): number => axes.reduce<number>((n, axis) => n * sizeOf(plan, sizes, axis), 1);
  const every = plan.dimensions.map(({ name }) => name);
  const modest = (): boolean =>
    volume(every) <= MODEST_MACS && plan.operands.every((axes) => volume(axes) <= MODEST_ELEMENTS);
  for (let step = 0; step < 200 && !modest(); step++) {
    const largest = Object.entries(sizes).reduce((a, b) => (b[1] > a[1] ? b : a));
    sizes[largest[0]] = Math.max(1, Math.floor(largest[1] / 2));
  }
  return sizes;
}

/** The size of an axis; 0 when an expression has no positive value with these sizes. */
export function sizeOf(plan: Plan, sizes: Readonly<Record<string, number>>, axis: Axis): number {
  if (axis === 1) return 1;
  const follows = plan.dimensions.find((dimension) => dimension.name === axis)?.follows;
  const size = follows === undefined ? (sizes[axis] ?? 1) : (evaluate(follows, sizes) ?? 0);
  return Math.max(0, size);
}

/**
 * Calls operators the way the interpreter does, with shapes written as text: `t("B T 768")`, `t("… C")`.
 * A name is one inferred symbol for as long as its scope lives.
 */
import {
  bindArguments,
  lookupLayer,
  lookupOperator,
  type Bound,
  type Datum,
  type Outcome,
} from "../../src/ops/index.ts";
import {
  constant,
  freshLead,
  freshSymbol,
  noFacts,
  ofSymbol,
  printDim,
  printShape,
  Solver,
  type Dim,
  type SymbolKind,
} from "../../src/shapes/index.ts";

const CAUSE = { text: "a test", place: null };

export interface Scope {
  readonly solver: Solver;
  readonly dim: (text: string) => Dim;
  /** A tensor of PyTorch with these sizes. */
  readonly t: (text: string, dtype?: string) => Datum;
  readonly n: (text: string) => Datum;
  readonly call: (name: string, args: readonly unknown[], named?: Readonly<Record<string, unknown>>) => string;
  readonly layer: (
    name: string,
    made: readonly unknown[],
    args: readonly unknown[],
    options?: Readonly<Record<string, unknown>>,
  ) => string;
}

export function scope(kind: SymbolKind = "inferred"): Scope {
  const solver = new Solver(noFacts);
  const symbols = new Map<string, Dim>();
  const dim = (text: string): Dim => {
    if (/^\d+$/.test(text)) return constant(Number(text));
    const declaredBy = kind === "declared" ? "annotation" : null;
    const known = symbols.get(text) ?? ofSymbol(freshSymbol(text, kind, { declaredBy }));
    symbols.set(text, known);
    return known;
  };
  const array = (text: string, dtype: string, library: "torch" | "numpy"): Datum => {
    const words = text.split(" ").filter((word) => word !== "");
    const lead = words[0] === "…" ? freshLead() : null;
    const dims = (lead === null ? words : words.slice(1)).map(dim);
    return { kind: "tensor", shape: { lead, dims }, dtype: dtype as "float32", library };
  };
  const read = (value: unknown): Datum => readValue(value);
  const bind = (parameters: Parameters<typeof bindArguments>[0], args: readonly unknown[], named: object): Bound => {
    const keywords = Object.entries(named).map(([key, value]): [string, Datum] => [key, read(value)]);
    const bound = bindArguments(parameters, args.map(read), new Map(keywords));
    if ("mismatch" in bound) throw new Error(bound.mismatch);
    return bound;
  };
  return {
    solver,
    dim,
    t: (text, dtype = "float32") => array(text, dtype, "torch"),
    n: (text) => array(text, "float64", "numpy"),
    call: (name, args, named = {}) => {
      const operator = lookupOperator(name);
      if (operator === null) throw new Error(`${name} is not in the catalogue`);
      return show(operator.apply({ args: bind(operator.parameters, args, named), solver, name, cause: CAUSE }), solver);
    },
    layer: (name, made, args, options = {}) => {
      const layer = lookupLayer(`torch.nn.${name}`);
      if (layer === null) throw new Error(`${name} is not in the catalogue`);
      const construction = bind(layer.constructorParameters, made, options);
      const wrong = layer.construct({ args: construction, solver, name, cause: CAUSE });
      if (wrong !== null) return show({ problem: wrong }, solver);
      return show(
        layer.apply(construction, { args: bind(layer.callParameters, args, {}), solver, name, cause: CAUSE }),
        solver,
      );
    },
  };
}

function readValue(value: unknown): Datum {
  if (value === null) return { kind: "none" };
  if (typeof value === "number")
    return Number.isInteger(value) ? { kind: "int", value: constant(value) } : { kind: "float", value };
  if (typeof value === "string") return { kind: "string", value };
  if (typeof value === "boolean") return { kind: "bool", value };
  if (Array.isArray(value)) return { kind: "list", items: value.map(readValue) };
  const object = value as { readonly kind?: string; readonly terms?: unknown };
  return object.terms === undefined ? (value as Datum) : { kind: "int", value: value as Dim };
}

/** A slice for a subscript; null stands for nothing. */
export function slice(
  lower: unknown = null,
  upper: unknown = null,
  step: unknown = null,
): Extract<Datum, { kind: "slice" }> {
  return { kind: "slice", lower: readValue(lower), upper: readValue(upper), step: readValue(step) };
}

export function tuple(...items: readonly unknown[]): Datum {
  return { kind: "tuple", items: items.map(readValue) };
}

function show(outcome: Outcome, solver: Solver): string {
  if ("problem" in outcome) return `${outcome.problem.code}: ${outcome.problem.message((name) => `\`${name}\``)}`;
  const remarks = (outcome.remarks ?? []).map(({ code, message }) => ` ${code}: ${message((name) => `\`${name}\``)}`);
  return showValue(outcome.value, solver) + remarks.join("");
}

function showValue(value: Datum, solver: Solver): string {
  if (value.kind === "tensor") return printShape(solver.shape(value.shape));
  if (value.kind === "int") return printDim(solver.dim(value.value));
  if (value.kind === "tuple") return value.items.map((item) => showValue(item, solver)).join(" ");
  if (value.kind === "record") return [...value.fields.values()].map((item) => showValue(item, solver)).join(" ");
  if (value.kind === "many") return `${showValue(value.element, solver)} × ${printDim(solver.dim(value.length))}`;
  return value.kind;
}

/**
 * Calls of the catalogue: binds arguments, applies the operator's rule, and turns its outcome into a
 * value, an operation for hovers, or a finding. It knows no operator by name.
 */
import {
  bindArguments,
  type Bound,
  type Call,
  type Cost,
  type Datum,
  type Layer,
  lookupOperator,
  type Operator,
  type OperatorParameter,
  type Outcome,
  type ParameterKind,
  type Problem,
  type Tensor,
} from "../ops/index.ts";
import type { Expr } from "../program/syntax.ts";
import { asSymbol, printShape, type Shape } from "../shapes/index.ts";
import { replaceTensor } from "./alias.ts";
import { chosenByTorch, isChosen } from "./autocast.ts";
import { fork } from "./conditions.ts";
import { fromDatum, toDatum } from "./data.ts";
import { severityOf } from "./hearsay.ts";
import { joinAll } from "./join.ts";
import type { Machine, PendingFinding } from "./machine.ts";
import { recovered } from "./recovery.ts";
import { playgroundCall } from "./playground.ts";
import { relatedPlaces } from "./related.ts";
import { contentOf, type LayerCore, UNKNOWN, type Value } from "./value.ts";
import { asInteger, asTensor, follow } from "./variable.ts";

export interface Argument {
  readonly value: Value;
  /** Null where the argument was not written (a receiver, an item of a starred list). */
  readonly expr: Expr | null;
}

type Named = ReadonlyMap<string, Argument>;

export function applyOperator(m: Machine, name: string, args: readonly Argument[], named: Named, expr: Expr): Value {
  if (m.patched.has(name)) return UNKNOWN;
  const operator = lookupOperator(name);
  return operator === null ? UNKNOWN : applyKnown(m, name, operator, args, named, expr, []);
}

/** The same for an operator at hand; `because` is why the call must fit. */
export function applyKnown(
  m: Machine,
  name: string,
  operator: Operator,
  args: readonly Argument[],
  named: Named,
  expr: Expr,
  because: PendingFinding["related"],
): Value {
  const arrays = needsArrays(name, operator);
  bindOpenArguments(m, operator.parameters, args, arrays);
  const split = splitUnion(m, args, named, (a, n) => applyKnown(m, name, operator, a, n, expr, because));
  if (split !== null) return split;
  const prepared = prepare(m, operator.parameters, args, named, arrays);
  if (prepared === null) return UNKNOWN;
  const cause = m.cause(`\`${shorten(m.text(expr.span))}\``, expr.span);
  const call: Call = { args: prepared.bound, solver: m.solver, name, cause };
  const before = m.solver.facts;
  const outcome = operator.apply(call);
  if ("problem" in outcome) {
    m.solver.facts = before;
    if (m.casting && outcome.problem.code === "dtype") return UNKNOWN;
    reportProblem(m, outcome.problem, prepared, expr, null, because);
    return recovered(m, outcome.problem, call, operator.apply);
  }
  return finish(m, name, outcome, prepared, expr, operator, operator.parameters, args);
}

/** Calls a layer, whose constructor arguments are known. */
export function applyLayer(
  m: Machine,
  core: LayerCore,
  args: readonly Argument[],
  named: Named,
  expr: Expr,
  called?: string,
): Value {
  const { layer, construction } = core;
  bindOpenArguments(m, layer.callParameters, args, "all");
  const split = splitUnion(m, args, named, (a, n) => applyLayer(m, core, a, n, expr, called));
  if (split !== null) return split;
  const prepared = prepare(m, layer.callParameters, args, named, "all");
  if (prepared === null) return UNKNOWN;
  const callee = called ?? (expr.kind === "call" ? shorten(m.text(expr.callee.span)) : (layer.names[0] ?? ""));
  const cause = m.cause(`\`${callee}\``, expr.span);
  const before = m.solver.facts;
  const call: Call = { args: prepared.bound, solver: m.solver, name: layer.names[0] ?? "", cause };
  const outcome = layer.apply(construction, call);
  if ("problem" in outcome) {
    m.solver.facts = before;
    if (m.casting && outcome.problem.code === "dtype") return UNKNOWN;
    reportProblem(m, outcome.problem, { ...prepared, self: callee }, expr, core.site);
    return recovered(m, outcome.problem, call, (again) => layer.apply(construction, again));
  }
  const described = { ...layer, notation: null, reshapesInPlace: false };
  const count = layer.parameterCount(construction);
  return finish(m, "", outcome, prepared, expr, described, layer.callParameters, args, count);
}

/**
 * Which arguments of which nothing is known must be arrays: all operands of a contraction, the first of a
 * torch function. Operators and NumPy's elementwise functions take numbers as well.
 */
function needsArrays(name: string, operator: Operator): "all" | "first" | "none" {
  if (operator.notation !== null && /\(\w/.test(operator.notation)) return "all";
  return name.startsWith("torch.") ? "first" : "none";
}

/** Done before the options of an argument part ways, so that all of them see the same array. */
function bindOpenArguments(
  m: Machine,
  parameters: readonly OperatorParameter[],
  args: readonly Argument[],
  arrays: "all" | "first" | "none",
): void {
  args.forEach(({ value }, i) => {
    if (follow(value).kind !== "variable") return;
    coerce(m, value, kindAt(parameters, i), arrays === "all" || (i === 0 && arrays === "first"), args);
  });
}

interface Prepared {
  readonly bound: Bound;
  readonly texts: ReadonlyMap<Datum, Expr>;
  readonly self?: string;
}

/** Reads the arguments as the parameters want them and binds them; null where they do not fit. */
export function prepare(
  m: Machine,
  parameters: readonly OperatorParameter[],
  args: readonly Argument[],
  named: Named,
  arrays: "all" | "first" | "none",
): Prepared | null {
  const texts = new Map<Datum, Expr>();
  const read = ({ value }: Argument, kind: ParameterKind, first: boolean): Value =>
    coerce(m, value, kind, arrays === "all" || (first && arrays === "first"), args);
  const datum = (value: Value, { expr }: Argument): Datum => {
    // A fresh object for each argument, so that the expression behind a bound datum can be found again.
    const data = { ...toDatum(value) };
    if (expr !== null) texts.set(data, expr);
    return data;
  };
  // One argument can tell what another is: `padding=(k - 1) // 2` makes an integer of `k`.
  const values = args.map((argument, i) => read(argument, kindAt(parameters, i), i === 0));
  const others = [...named].map(
    ([name, argument]) => [name, argument, read(argument, kindOf(parameters, name), false)] as const,
  );
  const positional = args.map((argument, i) => datum(values[i] ?? argument.value, argument));
  const byName = new Map(others.map(([name, argument, value]) => [name, datum(value, argument)] as const));
  const bound = bindArguments(parameters, positional, byName);
  return "mismatch" in bound ? null : { bound, texts };
}

function kindAt(parameters: readonly OperatorParameter[], index: number): ParameterKind {
  const rest = parameters.findIndex((p) => p.passing === "rest");
  const parameter = rest >= 0 && index >= rest ? parameters[rest] : parameters[index];
  return parameter?.kind ?? "any";
}

function kindOf(parameters: readonly OperatorParameter[], name: string): ParameterKind {
  return parameters.find((p) => p.name === name)?.kind ?? "any";
}

function coerce(m: Machine, value: Value, kind: ParameterKind, tensors: boolean, args: readonly Argument[]): Value {
  const seen = follow(value);
  switch (kind) {
    case "tensor":
      return tensors ? asTensor(m, seen, libraryOf(args)) : seen;
    case "tensors":
      coerceItems(seen, (item) => asTensor(m, item, libraryOf(args)));
      return seen;
    case "int":
    case "axis":
      return asInteger(m, seen);
    case "ints":
    case "axes":
      coerceItems(seen, (item) => asInteger(m, item));
      return mayBeSeveral(seen) ? seen : asInteger(m, seen);
    default:
      return seen;
  }
}

/** `zeros(n)` takes one size, `zeros(shape)` and `permute(dims)` take several: what it is called decides. */
function mayBeSeveral(value: Value): boolean {
  return value.kind === "variable" && (value.listed === true || SEVERAL.test(value.name));
}

const SEVERAL =
  /(?:^|\.)_*(?:(?:kernel_|img_|image_|patch_|input_|output_|out_|grid_|window_|pool_|crop_|target_)?size|\w*(?:shape|sizes|dims|axes|perm|order|mask|repeats|reps|permutation))$/i;

function coerceItems(value: Value, action: (item: Value) => void): void {
  if (value.kind === "tuple") value.items.forEach(action);
  if (value.kind !== "list") return;
  const content = contentOf(value);
  if ("items" in content) content.items.forEach(action);
  else action(content.element);
}

function libraryOf(args: readonly Argument[]): Tensor["library"] {
  for (const { value } of args) if (value.kind === "tensor" && value.library !== null) return value.library;
  return null;
}

/** If an argument is one of several values, applies the call to each. None is a value like any other here. */
function splitUnion(
  m: Machine,
  args: readonly Argument[],
  named: Named,
  apply: (args: readonly Argument[], named: Named) => Value,
): Value | null {
  const index = args.findIndex((argument) => argument.value.kind === "union");
  const name = index >= 0 ? undefined : [...named].find(([, argument]) => argument.value.kind === "union")?.[0];
  const subject = index >= 0 ? args[index] : name === undefined ? undefined : named.get(name);
  if (subject === undefined || subject.value.kind !== "union") return null;
  const before = m.findings.length;
  let clean = false;
  const results = fork(
    m,
    subject.value.options.map((value) => () => {
      const count = m.findings.length;
      const chosen = { ...subject, value };
      const result =
        index >= 0 ? apply(args.with(index, chosen), named) : apply(args, new Map(named).set(name ?? "", chosen));
      if (m.findings.length === count) clean = true;
      return result;
    }),
  );
  if (clean) m.findings.length = before;
  return joinAll(results);
}

/** Where the program changed the default type, results that the catalogue takes to have it may have another. */
function withoutDefaults(m: Machine, datum: Datum): Datum {
  if (datum.kind === "tensor") return mayBeOther(m, datum) ? { ...datum, dtype: null } : datum;
  const inner = (item: Datum): Datum => withoutDefaults(m, item);
  if (datum.kind === "tuple" || datum.kind === "list") return { ...datum, items: datum.items.map(inner) };
  if (datum.kind === "many") return { ...datum, element: inner(datum.element) };
  if (datum.kind !== "record") return datum;
  return { ...datum, fields: new Map([...datum.fields].map(([key, field]) => [key, inner(field)])) };
}

type Described = Pick<Operator, "names" | "docs" | "notation" | "playground" | "reshapesInPlace">;

function finish(
  m: Machine,
  name: string,
  outcome: Extract<Outcome, { value: Datum }>,
  prepared: Prepared,
  expr: Expr,
  described: Described,
  parameters: readonly OperatorParameter[],
  args: readonly Argument[],
  parameterCount: ReturnType<Layer["parameterCount"]> = null,
): Value {
  for (const remark of outcome.remarks ?? []) reportProblem(m, remark, prepared, expr);
  const given = fromDatum(m.otherDefaultFloat || m.jaxIn64Bits ? withoutDefaults(m, outcome.value) : outcome.value);
  const operands = args.map((argument) => argument.value);
  const typed = isChosen(m, name, operands) ? chosenByTorch(given) : given;
  const receiver = args[0]?.value;
  if (receiver?.kind === "tensor" && outcome.becomes !== undefined) replaceTensor(m, receiver, outcome.becomes);
  const value = written(m, name, described, receiver, inMemory(m, typed));
  if (value.kind === "tensor") sizesAreNatural(m, value);
  const cost: Cost = outcome.cost ?? { macs: null, flops: null };
  const shown = parameters.flatMap((parameter) => {
    const datum = prepared.bound.get(parameter.name);
    if (datum?.kind !== "tensor") return [];
    const source = prepared.texts.get(datum);
    return [{ text: source === undefined ? parameter.name : shorten(m.text(source.span)), shape: datum.shape }];
  });
  const operation = {
    name: described.names[0] ?? "",
    operands: shown,
    contracts: outcome.contracts ?? [],
    macs: cost.macs,
    flops: cost.flops,
    docs: described.docs,
    notation: described.notation,
    playground: playgroundCall(described.playground, shown, prepared.bound, value),
    parameterCount,
  };
  m.operation = { expr, operation };
  return value;
}

/** Whether a setting of the program may have made the type another one. */
function mayBeOther(m: Machine, { dtype, library }: Tensor): boolean {
  if (library === "torch") return m.otherDefaultFloat && (dtype === "float32" || dtype === "complex64");
  return library === "jax" && m.jaxIn64Bits && /^(?:u?int32|float32|complex64)$/.test(dtype ?? "");
}

/** Where elements lie is not claimed once the program chose other memory formats for its layers. */
function inMemory(m: Machine, value: Value): Value {
  if (!m.otherMemoryFormat || value.kind !== "tensor") return value;
  const { strides: _strides, ...rest } = value;
  return rest;
}

/** An integer that has become the size of an array is not negative. */
function sizesAreNatural(m: Machine, value: Tensor): void {
  for (const dim of value.shape.dims) {
    const symbol = asSymbol(dim);
    if (symbol !== null && symbol.min === null) m.solver.assumeAtLeast(dim, 0);
  }
}

/**
 * What an operation in place leaves: the array it was called on, which is then new under all its names.
 * Whatever its elements were is no longer known.
 */
function written(m: Machine, name: string, described: Described, receiver: Value | undefined, value: Value): Value {
  if (receiver?.kind !== "tensor" || receiver.library === "jax" || !WRITES.test(name)) return value;
  if (described.reshapesInPlace || (value.kind === "tensor" && value.dtype !== receiver.dtype)) {
    replaceTensor(m, receiver, value);
    return value;
  }
  if (receiver.content === undefined) return value.kind === "tensor" ? receiver : value;
  const { content: _content, ...rest } = receiver;
  replaceTensor(m, receiver, rest);
  return value.kind === "tensor" ? rest : value;
}

/** Names of operations that write into their first operand: `add_`, `operator.+=`, `operator.[]=`. */
const WRITES = /[a-z0-9]_$|^operator\.(\[\]|[-+*/%@&|^]|\*\*|\/\/|<<|>>)=$/;

export function reportProblem(
  m: Machine,
  problem: Problem,
  prepared: Prepared,
  expr: Expr,
  site: string | null = null,
  because: PendingFinding["related"] = [],
): void {
  const source = (parameter: string): Expr | undefined => {
    const datum = prepared.bound.get(parameter);
    return datum === undefined ? undefined : prepared.texts.get(datum);
  };
  const name = (parameter: string): string => {
    if (parameter === "self" && prepared.self !== undefined) return `\`${prepared.self}\``;
    const found = source(parameter);
    return found === undefined ? `\`${parameter}\`` : `\`${shorten(m.text(found.span))}\``;
  };
  const blamed = problem.blame === null ? undefined : source(problem.blame);
  const shapes = problem.parameters.flatMap((parameter) => {
    const datum = prepared.bound.get(parameter);
    return datum?.kind === "tensor" ? [m.solver.shape(datum.shape)] : [];
  });
  // What is known of a size hides who said so.
  const stated = problem.parameters.flatMap((parameter) => shapesIn(prepared.bound.get(parameter)));
  const sources = problem.parameters.map(source).filter((e) => e !== undefined);
  const severity = severityOf(problem.severity, [...shapes, ...stated], m.context !== null);
  if (severity === null) return;
  m.report(
    {
      code: problem.code,
      severity,
      message: problem.message(name),
      shapes: shapes.map(printShape),
      related: [...because, ...relatedPlaces(m, sources)],
      unnecessary: false,
    },
    (blamed ?? expr).span,
    site,
  );
}

/** The shapes of an argument, one for each array of a list. */
function shapesIn(datum: Datum | undefined): readonly Shape[] {
  if (datum?.kind === "tensor") return [datum.shape];
  return datum?.kind === "tuple" || datum?.kind === "list" ? datum.items.flatMap(shapesIn) : [];
}

/** Source text in one line, cut where it is long. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= 60 ? line : `${line.slice(0, 57)}…`;
}

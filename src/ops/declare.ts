/**
 * `op({ … })` and `layer({ … })` turn a declaration into the operators that the interpreter calls: one
 * for each way the libraries spell the signature. What NumPy has, JAX has by the same declaration (`borrow.ts`). They know the form of declarations, not what any says.
 *
 * A shape rule is a line of gufunc notation, or a function that answers with a shape, with a whole outcome,
 * with a problem, or with null where the shape is not known.
 */
import { add, asNumber, constant, elementCount, ofTerms, unknownShape, type Dim, type Shape } from "../shapes/index.ts";
import { argument, dtypeArgument, libraryOf, tensorOf } from "./arguments.ts";
import { asJaxOutcome, asNumpyCall, jaxSpellings, namesNoDimension, numpyName, ofEither, takesJax } from "./borrow.ts";
import { dimOf, itemsOf, none, tensor, unknown } from "./datum.ts";
import { documentationOf } from "./documentation.ts";
import { category, isLowerCategory } from "./dtype.ts";
import type { DTypeRule } from "./dtype-rules.ts";
import type { StridesRule } from "./memory-rules.ts";
import type { Bound, Call, Layer, Operator, Outcome, Problem } from "./operator.ts";
import { isProblem, problem } from "./problems.ts";
import { parseSignature, type Signature } from "./signature.ts";
import type { Datum, Tensor } from "./value.ts";
import { applyNotation, parseNotation } from "./verbs/gufunc.ts";
import { fitInto } from "./verbs/broadcast.ts";

export type ShapeAnswer = Shape | Outcome | Problem | null;

export interface OperatorSpec {
  readonly names: readonly string[];
  readonly summary: string;
  /** One signature, or one for each of several prefixes of names, of which the longest that fits counts. */
  readonly call: string | Readonly<Record<string, string>>;
  readonly shape: string | ((call: Call) => ShapeAnswer);
  /** Defaults to the type of the first parameter. */
  readonly dtype?: DTypeRule;
  /** The one element of a result that may serve as a size, such as the product of a shape; null where not known. */
  readonly content?: (call: Call) => Dim | null;
  /** Where the elements of the result lie in memory; without a rule nobody knows. */
  readonly strides?: StridesRule;
  /** What takes one floating-point operation each: the elements of the result, or those of the first parameter. */
  readonly work?: "result" | "input";
  /** The rule as people read it, where `shape` is a function. */
  readonly notation?: string;
  readonly docs?: Operator["docs"];
  readonly playground?: Operator["playground"];
  readonly reshapesInPlace?: boolean;
  /** Where JAX departs from the rule that it borrows from NumPy. */
  readonly inJax?: JaxDeparture;
}

interface JaxDeparture {
  /** Its element types, where they are not NumPy's narrowed to 32 bits. */
  readonly dtype?: DTypeRule;
  /** Calls of which nothing is claimed, since JAX takes them in its own way. */
  readonly differs?: (call: Call) => boolean;
}

export function op(spec: OperatorSpec): readonly Operator[] {
  const own = [...bySignature(spec, spec.names)].map(([text, names]) => variant(spec, names, parseSignature(text)));
  const borrowed = [...bySignature(spec, jaxSpellings(spec.names))].map(([text, names]) =>
    borrowedVariant(spec, names, parseSignature(text)),
  );
  return [...own, ...borrowed];
}

function bySignature(spec: OperatorSpec, names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byCall = new Map<string, string[]>();
  for (const name of names) {
    const text = signatureFor(spec, name);
    byCall.set(text, [...(byCall.get(text) ?? []), name]);
  }
  return byCall;
}

/** The names of JAX's that repeat NumPy's have NumPy's rule, and its signature if they have none of their own. */
function borrowedVariant(spec: OperatorSpec, names: readonly string[], signature: Signature): Operator {
  const { dtype, differs } = spec.inJax ?? {};
  const { apply, ...rest } = variant(dtype === undefined ? spec : { ...spec, dtype }, names, signature);
  const arrays = signature.parameters.filter(({ kind }) => kind === "tensor").map(({ name }) => name);
  const values = valueNames(signature);
  return {
    ...rest,
    docs: documentationOf(names, names),
    borrowed: true,
    apply: (call) => {
      const asNumpy = asNumpyCall(call, arrays);
      if (asNumpy === null || differs?.(inRuleNames(asNumpy, signature)) === true) return { value: unknown };
      const outcome = apply(asNumpy);
      if ("value" in outcome && namesNoDimension(call, arrays[0])) return { value: unknown };
      return asJaxOutcome(call, outcome, values);
    },
  };
}

function signatureFor(spec: OperatorSpec, name: string): string {
  if (typeof spec.call === "string") return spec.call;
  const fitting = Object.keys(spec.call).filter((key) => name === key || name.startsWith(`${key}.`) || key === "*");
  const best = fitting.reduce((a, b) => (b.length > a.length ? b : a), fitting[0] ?? "");
  const text = spec.call[best];
  if (text === undefined && name.startsWith("jax.")) return signatureFor(spec, numpyName(name));
  if (text === undefined) throw new Error(`${name} has no signature in its declaration`);
  return text;
}

function variant(spec: OperatorSpec, names: readonly string[], signature: Signature): Operator {
  const rule = ruleOf(spec, signature);
  return {
    names,
    declared: spec.names,
    summary: spec.summary,
    parameters: signature.parameters,
    apply: (call) => inPythonNames(rule(inRuleNames(call, signature)), signature),
    notation: spec.notation ?? (typeof spec.shape === "string" ? spec.shape : null),
    docs: spec.docs ?? documentationOf(names, spec.names),
    playground: spec.playground ?? null,
    borrowed: false,
    reshapesInPlace: spec.reshapesInPlace ?? false,
  };
}

function ruleOf(spec: OperatorSpec, signature: Signature): (call: Call) => Outcome {
  const first = signature.ruleNames.get(signature.parameters[0]?.name ?? "") ?? "input";
  const shape = typeof spec.shape === "string" ? notationRule(spec.shape, signature, spec.dtype) : spec.shape;
  const dtype = spec.dtype ?? ((call: Call) => tensorOf(call, first).dtype);
  const reshapes = spec.reshapesInPlace ?? false;
  const values = valueNames(signature);
  return (call) => {
    const settled = withContent(call, settle(call, shape(call), dtype, spec.strides), spec.content);
    const outcome = withWork(call, settled, spec.work, first);
    if (!reshapes && isInPlace(call.name)) return writeBack(call, first, outcome);
    if (libraryOf(call) === "jax") return asJaxOutcome(call, outcome, values);
    return into(call, takesJax(call) ? ofEither(outcome) : outcome);
  };
}

/** The parameters that take arrays or numbers to compute with, under both of their names. */
function valueNames({ parameters, ruleNames }: Signature): ReadonlySet<string> {
  const values = parameters.filter(({ kind }) => kind === "tensor" || kind === "tensors" || kind === "any");
  return new Set(values.flatMap(({ name }) => [name, ruleNames.get(name) ?? name]));
}

function settle(call: Call, answer: ShapeAnswer, dtype: DTypeRule, strides: StridesRule | undefined): Outcome {
  if (answer === null) return { value: tensor(unknownShape(), dtype(call), libraryOf(call)) };
  if (isProblem(answer)) return { problem: answer };
  if (!("dims" in answer)) return placed(call, answer, strides);
  return placed(call, { value: tensor(answer, dtype(call), libraryOf(call)) }, strides);
}

function withContent(call: Call, outcome: Outcome, rule: OperatorSpec["content"]): Outcome {
  if (rule === undefined || "problem" in outcome || outcome.value.kind !== "tensor") return outcome;
  const content = outcome.value.shape.lead === null && outcome.value.shape.dims.length === 0 ? rule(call) : null;
  return content === null ? outcome : { ...outcome, value: { ...outcome.value, content: [content] } };
}

/** Adds where the elements of the results lie, which only PyTorch's programs can stumble over. */
function placed(call: Call, outcome: Outcome, rule: StridesRule | undefined): Outcome {
  return "problem" in outcome ? outcome : { ...outcome, value: inMemory(call, outcome.value, rule) };
}

function inMemory(call: Call, datum: Datum, rule: StridesRule | undefined): Datum {
  if (datum.kind === "tuple") return { ...datum, items: datum.items.map((item) => inMemory(call, item, rule)) };
  if (datum.kind === "record") {
    const fields = [...datum.fields].map(([name, field]) => [name, inMemory(call, field, rule)] as const);
    return { ...datum, fields: new Map(fields) };
  }
  if (datum.kind === "many") return { ...datum, element: inMemory(call, datum.element, rule) };
  if (datum.kind !== "tensor" || datum.library !== "torch") return datum;
  const { strides: _strides, ...value } = datum;
  // `permute_copy` and its kin copy what the view of that name would show.
  const strides = call.name.endsWith("_copy") ? null : (rule?.(call, call.solver.shape(value.shape)) ?? null);
  return strides === null ? value : { ...value, strides };
}

/** Operations on integers and booleans are not counted. */
function withWork(call: Call, outcome: Outcome, work: OperatorSpec["work"], first: string): Outcome {
  if (work === undefined || "problem" in outcome || outcome.cost !== undefined) return outcome;
  const worked = work === "input" ? tensorOf(call, first) : outcome.value;
  if (worked.kind !== "tensor" || worked.dtype === null) return outcome;
  const isReal = category(worked.dtype) === "float";
  return isReal ? { ...outcome, cost: { macs: null, flops: elementCount(call.solver.shape(worked.shape)) } } : outcome;
}

function notationRule(
  notation: string,
  signature: Signature,
  dtype: DTypeRule | undefined,
): (call: Call) => ShapeAnswer {
  const parsed = parseNotation(notation);
  const names = signature.parameters.map(({ name }) => signature.ruleNames.get(name) ?? name);
  const inputs = names.slice(0, parsed.inputs.length);
  return (call) => {
    const outcome = applyNotation(call, parsed, inputs);
    const untyped = dtype === undefined || outcome === null || !("value" in outcome) || outcome.value.kind !== "tensor";
    return untyped ? outcome : { ...outcome, value: { ...outcome.value, dtype: dtype(call) } };
  };
}

/** Names such as `add_` and `operator.+=` write into their first operand. */
function isInPlace(name: string): boolean {
  if (name.startsWith("operator.")) return /^operator\.[^=<>!]+=$|^operator\.(<<|>>)=$/.test(name);
  return /^torch\..*[a-z0-9]_$/.test(name);
}

/** The first operand keeps its shape and type; only what fits into it can be written. */
function writeBack(call: Call, parameter: string, outcome: Outcome): Outcome {
  const target = argument(call, parameter);
  if ("problem" in outcome || target.kind !== "tensor" || outcome.value.kind !== "tensor") return outcome;
  // What JAX has made does not change: `x += y` makes a new array.
  if (libraryOf(call) === "jax") return asJaxOutcome(call, outcome, new Set(call.args.keys()));
  // PyTorch has no product in place: `x @= y` makes a new tensor.
  if (call.name === "operator.@=" && target.library !== "numpy") return outcome;
  // A NumPy scalar is no array: `x += a` then makes a new value, as it does for numbers. An array without dimensions
  // keeps its type.
  const shape = call.solver.shape(target.shape);
  if (target.library !== "torch" && shape.dims.length === 0)
    return outcome.value.dtype === target.dtype ? outcome : { ...outcome, value: { ...outcome.value, dtype: null } };
  const wrong =
    fitInto(call, { parameter, shape: outcome.value.shape }, shape) ?? castProblem(parameter, outcome.value, target);
  if (wrong !== null) return { problem: wrong };
  return { ...outcome, value: { ...target, shape } };
}

/** Real numbers cannot be written into integers, nor numbers into booleans. */
function castProblem(parameter: string, value: Tensor, target: Tensor): Problem | null {
  if (value.dtype === null || target.dtype === null) return null;
  if (!isLowerCategory(target.dtype, value.dtype)) return null;
  return problem("dtype", {
    parameters: [parameter],
    message: (name) =>
      `The result is ${value.dtype} and cannot be written into ${name(parameter)}, which is ${target.dtype}.`,
  });
}

/** `out=` receives the result; NumPy leaves the shape of an array given for it as it is. */
function into(call: Call, outcome: Outcome): Outcome {
  const out = argument(call, "out");
  if (out.kind === "none" || "problem" in outcome) return outcome;
  if (out.kind !== "tensor") return { value: unknown };
  if (libraryOf(call) !== "torch") return { value: takes(call, out, outcome.value) ? out : unknown };
  if (outcome.value.kind !== "tensor") return { value: out };
  const { strides: _strides, ...value } = outcome.value;
  return { ...outcome, value: { ...value, dtype: out.dtype } };
}

/** NumPy refuses an array of another shape, or stretches the result to it: the operator decides which. */
function takes(call: Call, out: Tensor, value: Datum): boolean {
  if (value.kind !== "tensor") return false;
  const [a, b] = [call.solver.shape(out.shape), call.solver.shape(value.shape)];
  const open = (datum: Datum): boolean =>
    datum.kind === "unknown" || (datum.kind === "tensor" && datum.shape.lead !== null);
  // What is not known although all operands are may be refused.
  if (b.lead !== null) return [...call.args.values()].some(open);
  if (a.lead !== null) return true;
  return (
    a.dims.length === b.dims.length && a.dims.every((dim, i) => call.solver.compare(dim, b.dims[i] ?? dim) !== "no")
  );
}

function inRuleNames(call: Call, { ruleNames, spelling }: Signature): Call {
  const args = new Map<string, Datum>();
  for (const [name, value] of call.args) args.set(ruleNames.get(name) ?? name, value);
  return { ...call, args, spelling };
}

function inPythonNames(outcome: Outcome, { spelling }: Signature): Outcome {
  const renamed = (name: string): string => spelling.get(name) ?? name;
  const rename = (problem: Problem): Problem => ({
    ...problem,
    message: (name) => problem.message((parameter) => name(renamed(parameter))),
    blame: problem.blame === null ? null : renamed(problem.blame),
    parameters: problem.parameters.map(renamed),
  });
  if ("problem" in outcome) return { problem: rename(outcome.problem) };
  return outcome.remarks === undefined ? outcome : { ...outcome, remarks: outcome.remarks.map(rename) };
}

export interface LayerSpec {
  readonly names: readonly string[];
  readonly summary: string;
  /** The constructor's signature; `device` and `dtype` need not be written. */
  readonly construct: string;
  readonly call: string;
  readonly check?: (construction: Bound, call: Call) => Problem | null;
  readonly shape: (construction: Bound, call: Call) => ShapeAnswer;
  readonly dtype?: (construction: Bound, call: Call) => Tensor["dtype"];
  readonly strides?: StridesRule;
  /** Learnable tensors by name, null where an option leaves one out, or where not even their names are known. */
  readonly weights?: (construction: Bound) => Readonly<Record<string, Shape | null>> | null;
  /** Tensors that are no parameters, such as running means. */
  readonly buffers?: (construction: Bound) => Readonly<Record<string, Shape | null>>;
  readonly parameterCount?: (construction: Bound) => Dim | null;
  readonly notation?: string;
  readonly playground?: Layer["playground"];
}

export function layer(spec: LayerSpec): Layer {
  const construct = parseSignature(`${spec.construct}, *, device: any = None, dtype: dtype = None`.replace(/^, /, ""));
  const call = parseSignature(spec.call);
  const first = call.ruleNames.get(call.parameters[0]?.name ?? "") ?? "input";
  const sized = construct.parameters.map(({ name }) => name).filter((name) => SIZES.test(name));
  return {
    names: spec.names,
    summary: spec.summary,
    constructorParameters: construct.parameters,
    callParameters: call.parameters,
    construct: (made) => spec.check?.(made.args, made) ?? null,
    apply: (construction, python) => {
      const made = inRuleNames(python, call);
      learnSizes(sized, construction, made);
      const several = call.parameters.find(({ name, kind }) => kind === "tensor" && isSeveral(argument(python, name)));
      if (several !== undefined) return { problem: notATensor(several.name) };
      const dtype = (): Tensor["dtype"] =>
        spec.dtype === undefined ? tensorOf(made, first).dtype : spec.dtype(construction, made);
      return inPythonNames(settle(made, spec.shape(construction, made), dtype, spec.strides), call);
    },
    attributes: (construction) => attributesOf(spec, construction),
    parameterCount: (construction) => countParameters(spec, construction),
    docs: documentationOf(spec.names, spec.names),
    playground: spec.playground ?? null,
  };
}

/** A layer that runs has features, channels, heads and a kernel: none of these is taken to be 0, or negative. */
function learnSizes(sized: readonly string[], construction: Bound, { solver }: Call): void {
  for (const name of sized) {
    const datum = construction.get(name) ?? none;
    for (const each of itemsOf(datum) ?? [datum]) {
      const size = dimOf(each);
      if (size !== null && asNumber(size) === null) solver.assumeAtLeast(withoutFactor(solver.dim(size)), 1);
    }
  }
}

/** 2·C is at least 1 where C is. */
function withoutFactor(size: Dim): Dim {
  const [only, more] = size.terms;
  return only === undefined || more !== undefined || only.coefficient < 0
    ? size
    : ofTerms([{ ...only, coefficient: 1 }]);
}

const SIZES =
  /(_features|_channels|_dim|_size|_heads|_embeddings)$|^(num_features|kernel_size|stride|dilation|groups|normalized_shape|d_model|nhead)$/;

/** Such as what an `nn.LSTM` gives: its outputs and its states. A packed sequence counts as one. */
function isSeveral(datum: Datum): boolean {
  if (datum.kind === "record") return !datum.name.endsWith("PackedSequence");
  return datum.kind === "tuple" || datum.kind === "list" || datum.kind === "many";
}

function notATensor(parameter: string): Problem {
  return problem("argument", {
    blame: parameter,
    message: (name) => `${name("self")} takes a tensor; ${name(parameter)} is a sequence. Take one of its items.`,
  });
}

function attributesOf(spec: LayerSpec, construction: Bound): ReadonlyMap<string, Datum> {
  const attributes = new Map<string, Datum>(construction);
  attributes.delete("device");
  attributes.delete("dtype");
  const given = dtypeArgument(construction);
  const dtype = given === undefined ? "float32" : given;
  for (const [name, shape] of Object.entries({ ...spec.weights?.(construction), ...spec.buffers?.(construction) })) {
    attributes.set(name, shape === null ? none : tensor(shape, dtype, "torch"));
  }
  return attributes;
}

function countParameters(spec: LayerSpec, construction: Bound): Dim | null {
  if (spec.parameterCount !== undefined) return spec.parameterCount(construction);
  const weights = spec.weights === undefined ? {} : spec.weights(construction);
  if (weights === null) return null;
  const shapes = Object.values(weights).flatMap((shape) => (shape === null ? [] : [shape]));
  return sumOfCounts(shapes);
}

function sumOfCounts(shapes: readonly Shape[]): Dim | null {
  let sum = constant(0);
  for (const shape of shapes) {
    const count = elementCount(shape);
    if (count === null) return null;
    sum = add(sum, count);
  }
  return sum;
}

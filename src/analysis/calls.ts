/**
 * Calls: what it means to call each kind of value, and running a function's body with its arguments.
 * Every call is seen with its own arguments; recursion and depth are cut, and what is cut is unknown.
 */
import type { Argument as SyntaxArgument, Expr } from "../program/syntax.ts";
import { freshSymbol, ofSymbol } from "../shapes/index.ts";
import { replaceTensor } from "./alias.ts";
import { shapeTuple } from "./assign.ts";
import { classLookup, likelyLibrary } from "./attributes.ts";
import { callBuiltin } from "./builtins.ts";
import { callBuiltinMethod } from "./builtin-methods.ts";
import { instantiate } from "./classes.ts";
import { contractForReturn } from "./contracts.ts";
import { nameByConvention, parametersFrom } from "./conventions.ts";
import { toDatum } from "./data.ts";
import { leaveThrough } from "./finals.ts";
import { bindOpenParameters, bindParameters, frameFor } from "./functions.ts";
import { isHeld } from "./frame.ts";
import { givenBack } from "./give-back.ts";
import { havoc, spoilOutside } from "./havoc.ts";
import { answered } from "./cached.ts";
import { ranHooks } from "./hooks.ts";
import type { Iteration } from "./iteration.ts";
import { elementsOf, joinAcross, joinAll, joinPaths } from "./join.ts";
import { applyOperator } from "./library.ts";
import { callLibrary } from "./library-calls.ts";
import { makeLazy } from "./lazies.ts";
import { type Activation, type Context, inside, type Machine } from "./machine.ts";
import { callCore } from "./nn.ts";
import { mapOptions } from "./options.ts";
import { resolveActivation } from "./records.ts";
import { argumentsFor } from "./sources.ts";
import { executeBlock } from "./statements.ts";
import { arrayOf, canonical, type Library, lookupOperator } from "../ops/index.ts";
import { tracedParts, tracedTree } from "./trees.ts";
import {
  contentOf,
  type FunctionValue,
  type InstanceValue,
  listOf,
  manyOf,
  NONE,
  UNKNOWN,
  type Value,
} from "./value.ts";
import { evaluate } from "./expressions.ts";
import { follow } from "./variable.ts";

export interface CallArguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  /** True where a starred argument of unknown content was among them. */
  readonly open: boolean;
  /** What is known of the positional arguments, where one starred list of unknown length holds them all. */
  readonly all?: Iteration;
  /** The written arguments, by position or name. */
  readonly sources: ReadonlyMap<number | string, SyntaxArgument>;
  /** What is called, where the call that was written calls something else first: `net[2]` inside of `net`. */
  readonly callee?: string;
}

const MAX_RECURSION = 6;

export function plainArguments(...positional: Value[]): CallArguments {
  return { positional, named: new Map(), open: false, sources: new Map() };
}

export function callValue(m: Machine, callee: Value, args: CallArguments, expr: Expr): Value {
  if (!m.step()) return UNKNOWN;
  const target = follow(callee);
  switch (target.kind) {
    case "union":
      return mapOptions(m, target, (option) => callValue(m, option, args, expr));
    case "function":
      return callFunction(m, target, args, expr);
    case "method":
      return callFunction(m, target.function, withReceiver(target.self, args), expr);
    case "class":
      return instantiate(m, target, args, expr);
    case "instance":
      return callInstance(m, target, args, expr);
    case "library":
      return callLibrary(m, target.name, args, expr);
    case "tensor-method":
      return callTensorMethod(m, target, args, expr);
    case "builtin":
      return callBuiltin(m, target.name, args, expr);
    case "builtin-method":
      return callBuiltinMethod(m, target.self, target.name, args, expr);
    case "dtype":
      return arrayOfType(m, target, args);
    case "partial": {
      const merged = {
        ...args,
        positional: [...target.args, ...args.positional],
        named: new Map([...target.named, ...args.named]),
        sources: new Map(),
      };
      return callValue(m, target.callee, merged, expr);
    }
    default:
      return callUnknown(m, args);
  }
}

/** `np.float32(x)` and `jnp.float32(x)` make an array of a number, or another type of an array. */
function arrayOfType(m: Machine, type: Extract<Value, { kind: "dtype" }>, args: CallArguments): Value {
  const value = follow(args.positional[0] ?? UNKNOWN);
  const inJax = type.library === "jax";
  const array = inJax ? tracedTree(m, value) : arrayOf(toDatum(value), "numpy");
  const whole =
    array?.kind === "tensor" && array.library !== "torch" && value.kind !== "list" && value.kind !== "tuple";
  if (!whole || args.positional.length !== 1 || args.named.size > 0 || value.kind === "unknown")
    return callUnknown(m, args);
  const dtype = !inJax || m.jaxIn64Bits ? type.dtype : canonical(type.dtype);
  const counts = !inJax && value.kind === "int" && /int/.test(dtype ?? "") ? array.content : undefined;
  const made: Value = { kind: "tensor", shape: array.shape, dtype, library: inJax ? "jax" : "numpy" };
  return counts === undefined ? made : { ...made, content: counts };
}

/** A call that cannot be followed: what it was given may have changed. */
export function callUnknown(m: Machine, args: CallArguments): Value {
  havoc(m, args.positional);
  havoc(m, args.named.values());
  return UNKNOWN;
}

export function withReceiver(self: Value, args: CallArguments): CallArguments {
  const sources = new Map(
    [...args.sources].map(([key, source]) => [typeof key === "number" ? key + 1 : key, source] as const),
  );
  return { ...args, positional: [self, ...args.positional], sources };
}

function callInstance(m: Machine, self: InstanceValue, args: CallArguments, expr: Expr): Value {
  if (self.state.has("hooked")) return callUnknown(m, { ...args, positional: [self, ...args.positional] });
  const value = callOwn(m, self, args, expr);
  if (self.state.has("watched")) ranHooks(m);
  return value;
}

function callOwn(m: Machine, self: InstanceValue, args: CallArguments, expr: Expr): Value {
  const method = (name: string): Value | null =>
    classLookup(self.class, name, (value) =>
      value.kind === "function" ? { kind: "method", self, function: value } : value,
    );
  const own = self.attributes.get("forward");
  const forwards =
    self.class === null ||
    !self.class.open ||
    self.class.bases.some((base) => typeof base === "string" && MODULE_LIKE.test(base));
  const found = method(m.dialect.callMethod) ?? (forwards ? (own ?? method("forward")) : null);
  if (found !== null && found !== undefined) return callValue(m, found, args, expr);
  return callCore(m, self, args, expr) ?? callUnknown(m, { ...args, positional: [self, ...args.positional] });
}

/** Bases of other libraries that call `forward` as `nn.Module` does. */
const MODULE_LIKE = /(Module|ModelMixin|PreTrainedModel)$/;

function callTensorMethod(
  m: Machine,
  method: Extract<Value, { kind: "tensor-method" }>,
  args: CallArguments,
  expr: Expr,
): Value {
  if (args.open) return UNKNOWN;
  if (method.name === "size" && args.positional.length === 0 && args.named.size === 0)
    return shapeTuple(m.solver.shape(method.self.shape));
  const { positional, named } = argumentsFor(args);
  const receiver = expr.kind === "call" && expr.callee.kind === "attribute" ? expr.callee.object : null;
  const library = method.self.library ?? libraryOfMethod(m, method.name);
  const name = library === null ? "" : `${METHODS[library]}${method.name}`;
  if (lookupOperator(name) === null) {
    // A method that is not known may change the array it belongs to if its name says that it works in place.
    if (/[a-z0-9]_$/.test(method.name)) replaceTensor(m, method.self, UNKNOWN);
    return callUnknown(m, args);
  }
  return applyOperator(m, name, [{ value: method.self, expr: receiver }, ...positional], named, expr);
}

const METHODS = { torch: "torch.Tensor.", numpy: "numpy.ndarray.", jax: "jax.Array." } as const;

/** Whose arrays have a method of this name, where the code does not tell which array it is; null if that is in doubt. */
function libraryOfMethod(m: Machine, name: string): Library | null {
  const likely = likelyLibrary(m);
  if (lookupOperator(`${METHODS.torch}${name}`) === null) return likely === "jax" ? "jax" : "numpy";
  return lookupOperator(`${METHODS.numpy}${name}`) === null ? "torch" : likely;
}

/** Calls the method that an operator or a protocol stands for, if the object's class defines it. */
export function callMethodIfAny(
  m: Machine,
  self: Value,
  name: string,
  args: readonly Value[],
  expr: Expr,
): Value | null {
  if (self.kind !== "instance" || self.class === null) return null;
  const found = classLookup(self.class, name, (value) => value);
  if (found === null) return null;
  return callValue(
    m,
    found.kind === "function" ? { kind: "method", self, function: found } : found,
    plainArguments(...args),
    expr,
  );
}

export function callFunction(m: Machine, target: FunctionValue, args: CallArguments, expr: Expr | null): Value {
  const depth = m.callStack.filter((running) => running.definition === target.definition).length;
  if (depth > MAX_RECURSION || m.tooDeep) return callUnknown(m, args);
  if (depth > blindDepth(target, args)) {
    spoilOutside(m, target);
    return callUnknown(m, args);
  }
  const same = givenBack(m, target, args);
  if (same !== null) return same;
  const span = expr?.span ?? target.definition.span;
  const call = { owner: expr === null ? target.owner : m.chunk, span };
  const caller = m.callStack.at(-1);
  const open = m.context?.open ?? (m.general && caller !== undefined && !needsNothing(m, caller));
  const context: Context = { parent: m.context, call, within: caller?.definition ?? null, open };
  if (target.traced === undefined) {
    if (target.cached !== true) return runFunction(m, target, args, context);
    const value = answered(m, target, args, () => runFunction(m, target, args, context));
    spoilOutside(m, target);
    return value;
  }
  const result = runFunction(m, target, tracedArguments(m, args, target.traced), context);
  // A function is traced once for all arguments that are alike, whatever else it does.
  spoilOutside(m, target);
  return tracedTree(m, result);
}

/** A function that calls itself goes on as it began where nothing is known of any argument, but of its receiver's state. */
function blindDepth({ definedIn }: FunctionValue, { positional, named }: CallArguments): number {
  const others = definedIn === null ? positional : positional.slice(1);
  const isBlind = positional.length + named.size > 0 && [...others, ...named.values()].every(isOpen);
  return !isBlind ? MAX_RECURSION : definedIn === null ? 0 : 1;
}

function isOpen(value: Value): boolean {
  if (value.kind === "list") return elementsOf(contentOf(value)).every(isOpen);
  if (value.kind === "dict") return [...value.entries.values()].every(isOpen);
  return value.kind === "unknown" || ("value" in value && value.value === null);
}

/** Whether a function can be called as it stands, as a test is: nothing that it sees is open in its general view. */
export function needsNothing(m: Machine, { definition, definedIn, binding, closure }: FunctionValue): boolean {
  if (definedIn === null || binding === "static")
    return definition.parameters.length === 0 && closure.function === null;
  return definition.parameters.length === 1 && classLookup(definedIn, m.dialect.constructorMethod, () => true) === null;
}

function tracedArguments(m: Machine, args: CallArguments, which: "all" | "arrays"): CallArguments {
  const named = new Map([...args.named].map(([name, value]) => [name, tracedParts(m, value, which)] as const));
  return { ...args, positional: args.positional.map((value) => tracedParts(m, value, which)), named };
}

function runFunction(m: Machine, target: FunctionValue, args: CallArguments, context: Context | null): Value {
  const { definition, closure } = target;
  if (definition.kind === "lambda" || !definition.generator) return runBound(m, target, args, context);
  const own = new Set([...definition.locals, ...definition.parameters.map(({ name }) => name)]);
  const run = (now: Machine): Value => runBound(now, target, args, context);
  return makeLazy(run, definition.body, own, closure, [...args.positional, ...args.named.values()]);
}

function runBound(m: Machine, target: FunctionValue, args: CallArguments, context: Context | null): Value {
  return runGuarded(
    m,
    target,
    args.positional[0] ?? null,
    context,
    () => bindParameters(m, target, args),
    () => callUnknown(m, args),
  );
}

/** Runs a function with open parameters (see `general.ts`). */
export function runGeneral(m: Machine, target: FunctionValue, self: Value | null, context: Context | null): Value {
  return runGuarded(
    m,
    target,
    self,
    context,
    () => bindOpenParameters(m, target, self),
    () => UNKNOWN,
  );
}

/** Runs a function under a quota of the remaining budget; one that takes more counts as unknown. */
function runGuarded(
  m: Machine,
  target: FunctionValue,
  self: Value | null,
  context: Context | null,
  bind: () => boolean,
  giveUp: () => Value,
): Value {
  const limit = m.limit;
  const records = m.records.length;
  const findings = m.findings.length;
  m.limit = Math.min(limit, m.steps + Math.max(2000, Math.floor((limit - m.steps) / 2)));
  const { context: outer, operation, casting, crashed } = m;
  m.context = context;
  m.casting = target.casts ?? casting;
  m.callStack.push(target);
  const frame = frameFor(target, self);
  const value = inside(m, frame, target.owner, () => runBody(m, target, bind, giveUp));
  m.callStack.pop();
  m.context = outer;
  m.operation = operation;
  m.casting = casting;
  const failed = m.crashed && !crashed;
  if (failed) m.failing = true;
  const spent = m.stopped && m.exhausted === "steps" && m.limit < limit;
  m.limit = limit;
  // Outside of functions nothing is known of what a failed call gives: the next statement may be run by itself.
  if (!spent) return failed && m.callStack.length === 0 ? UNKNOWN : value;
  m.stopped = false;
  m.records.length = records;
  m.findings.length = findings;
  return giveUp();
}

function runBody(m: Machine, target: FunctionValue, bind: () => boolean, giveUp: () => Value): Value {
  const { definition } = target;
  const first = m.records.length;
  const base = m.solver.facts;
  const { loops, tolerant } = m;
  m.loops = [];
  const activation = m.activate();
  if (!bind()) {
    finishActivation(m, loops, tolerant);
    return giveUp();
  }
  if (definition.kind === "lambda") {
    leave(m, evaluate(m, definition.body));
  } else if (executeBlock(m, definition.body) === "normal") leave(m, NONE);
  finishActivation(m, loops, tolerant);
  const parameters = m.general && m.context === null ? parametersFrom(m, first) : null;
  m.trail.undo(activation.mark);
  m.solver.facts = base;
  if (parameters !== null) nameByConvention(m, activation, parameters);
  joinPaths(m, activation.exits);
  resolveActivation(m, activation, first, base);
  const generator = definition.kind === "function" && definition.generator;
  const result = contractForReturn(m, definition, resultOf(activation, generator));
  const { variables, symbols } = m.frame;
  if (!isHeld(m.frame)) m.trail.forget(activation.mark, new Set<unknown>([variables, symbols]));
  return result;
}

function finishActivation(m: Machine, loops: Machine["loops"], tolerant: number): void {
  m.activations.pop();
  m.loops = loops;
  m.tolerant = tolerant;
}

function resultOf(activation: Activation, generator: boolean): Value {
  if (generator) {
    const { yields } = activation;
    if (activation.sure) return listOf(yields, "generator");
    const element = joinAll(yields);
    return manyOf(element, ofSymbol(freshSymbol("?", "unknown")), "generator");
  }
  return joinAcross(activation.exits);
}

/** Leaves the running function with a value. */
export function leave(m: Machine, value: Value): void {
  const activation = m.activation();
  if (activation === null) return;
  if (m.branching > activation.branching) activation.sure = false;
  const exit = (): void =>
    void activation.exits.push({
      value,
      facts: m.solver.facts,
      delta: m.trail.since(activation.mark),
      records: m.records.length,
    });
  leaveThrough(m, "function", exit);
}

/**
 * Classes: defining them, making instances, and `super()`.
 */
import type { ClassDefinition, Expr } from "../program/syntax.ts";
import { allocate } from "./allocation.ts";
import { classLookup } from "./attributes.ts";
import { type CallArguments, callFunction, callUnknown, withReceiver } from "./calls.ts";
import { declareMethods } from "./declared.ts";
import { decorate } from "./decorators.ts";
import { findMember, makeMembers } from "./enums.ts";
import { evaluate, evaluateArguments } from "./expressions.ts";
import { constructDataclass, recordOf } from "./fields.ts";
import { type Frame, hold, newScope } from "./frame.ts";
import { handOut, havoc } from "./havoc.ts";
import type { Machine } from "./machine.ts";
import { assignedOnSelf } from "./mutators.ts";
import { constructCore, isModuleClass } from "./nn.ts";
import { executeBlock } from "./statements.ts";
import { type ClassValue, type InstanceValue, NONE, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

/** Library classes whose instances hold nothing that the code could not see being set. */
const TRANSPARENT: ReadonlySet<string> = new Set([
  "torch.nn.Module",
  "torch.utils.data.Dataset",
  "torch.utils.data.IterableDataset",
  "torch.autograd.Function",
  "abc.ABC",
  "typing.Generic",
  "typing.Protocol",
  "typing.NamedTuple",
  "typing.TypedDict",
  "object",
]);

export function defineClass(m: Machine, definition: ClassDefinition): Value {
  const args = evaluateArguments(m, definition.bases);
  const bases = args.positional.map(follow);
  const order = resolutionOrder(bases);
  const frame: Frame = {
    variables: newScope(),
    locals: null,
    parent: m.frame,
    module: m.frame.module,
    isClassBody: true,
    symbols: new Map(),
    function: null,
    self: null,
  };
  const type: ClassValue = {
    kind: "class",
    name: definition.name,
    definition,
    owner: m.chunk,
    closure: m.frame,
    attributes: frame.variables,
    bases: order.bases,
    open:
      order.open ||
      args.open ||
      definition.bases.some((base) => base.name === "metaclass" && !isAbstractMeta(m, base.value)),
    form: formOf(m, definition, order.bases),
  };
  m.note((machine) => noteOverrides(machine, type));
  hold(m.frame);
  const outer = m.frame;
  m.frame = frame;
  m.frames.push(frame);
  classBodies.set(frame, type);
  executeBlock(m, definition.body);
  m.frames.pop();
  m.frame = outer;
  if (type.form === "enum") makeMembers(m, type);
  declareMethods(m, type);
  if (type.open) for (const value of type.attributes.values()) if (value.kind === "function") handOut(m, value);
  const hook = classLookup({ ...type, attributes: new Map() }, "__init_subclass__", (value) => value);
  const named = new Map([...args.named].filter(([name]) => name !== "metaclass"));
  if (hook?.kind === "function") callFunction(m, hook, { ...args, positional: [type], named }, null);
  return decorate(m, definition.decorators, type);
}

/** Remembers for each base which of its attributes this class defines anew. */
function noteOverrides(m: Machine, type: ClassValue): void {
  const names = type.definition.body.flatMap((statement) => {
    if (statement.kind === "function") return [statement.name];
    return statement.kind === "assign" ? statement.targets.flatMap((t) => (t.kind === "name" ? [t.id] : [])) : [];
  });
  // What a subclass assigns on its instances is marked, as it is not there before some method ran.
  for (const statement of type.definition.body)
    if (statement.kind === "function") for (const name of assignedOnSelf(statement)) names.push(`self.${name}`);
  const users = type.bases.filter((base) => typeof base !== "string");
  const mixes = type.definition.bases.filter(({ name }) => name === null).length > 1;
  for (const base of users) {
    if (mixes) m.mixed.add(base.definition);
    const known = m.overridden.get(base.definition) ?? new Set();
    m.overridden.set(base.definition, known);
    for (const name of names) known.add(name);
  }
}

/** The class that a class body is defining, so that its functions know it. */
const classBodies = new WeakMap<Frame, ClassValue>();

export function classOfBody(frame: Frame): ClassValue | null {
  return classBodies.get(frame) ?? null;
}

function isAbstractMeta(m: Machine, expr: Expr): boolean {
  const value = evaluate(m, expr);
  return value.kind === "library" && value.name === "abc.ABCMeta";
}

function resolutionOrder(bases: readonly Value[]): { bases: (ClassValue | string)[]; open: boolean } {
  const order: (ClassValue | string)[] = [];
  let open = false;
  const push = (base: ClassValue | string): void => {
    const at = order.findIndex((known) =>
      typeof known === "string" ? known === base : typeof base !== "string" && known.definition === base.definition,
    );
    // A base that two others share comes after both.
    if (at >= 0) order.splice(at, 1);
    order.push(base);
  };
  for (const base of bases) {
    if (base.kind === "class") {
      open ||= base.open;
      push(base);
      base.bases.forEach(push);
    } else if (base.kind === "library") {
      open ||= !TRANSPARENT.has(base.name) && !isModuleClass(base.name) && !base.name.startsWith("enum.");
      push(base.name);
    } else if (base.kind === "builtin" && base.name === "object") continue;
    else open = true;
  }
  return { bases: order, open };
}

function formOf(m: Machine, definition: ClassDefinition, bases: readonly (ClassValue | string)[]): ClassValue["form"] {
  if (bases.some((base) => typeof base === "string" && base.startsWith("enum."))) return "enum";
  if (bases.includes("typing.NamedTuple")) return "namedtuple";
  const inherited = bases.flatMap((base) => (typeof base === "string" ? [] : [base.form]));
  if (inherited.includes("namedtuple")) return "namedtuple";
  if (inherited.includes("enum")) return "enum";
  if (inherited.includes("dataclass")) return "dataclass";
  const isDataclass = definition.decorators.some((decorator) => {
    const value = evaluate(m, decorator.kind === "call" ? decorator.callee : decorator);
    return (
      value.kind === "library" && (value.name === "dataclasses.dataclass" || value.name === "flax.struct.dataclass")
    );
  });
  return isDataclass ? "dataclass" : "plain";
}

export function newInstance(m: Machine, type: ClassValue, expr: Expr | null = null): InstanceValue {
  const library = type.bases.find((base) => typeof base === "string");
  return allocate(m, expr, type.name, () => ({
    kind: "instance",
    id: m.nextInstance(),
    class: type,
    library: typeof library === "string" ? library : null,
    attributes: new Map(),
    core: new Map(),
    state: type.open ? new Map([["open", true]]) : new Map(),
  }));
}

export function instantiate(m: Machine, type: ClassValue, args: CallArguments, expr: Expr): Value {
  if (type.form === "enum") return findMember(m, type, "value", args.positional[0] ?? UNKNOWN);
  if (classLookup(type, "__new__", (value) => value) !== null) return callUnknown(m, args);
  if (type.form === "namedtuple") return recordOf(m, type, args);
  const self = newInstance(m, type, expr);
  construct(m, self, type, args, expr);
  return self;
}

/** Runs the constructor of `type` on `self`: a user's, a dataclass's, or that of a library base. */
export function construct(m: Machine, self: InstanceValue, type: ClassValue, args: CallArguments, expr: Expr): void {
  const constructor = classLookup(type, m.dialect.constructorMethod, (value, definedIn) => ({ value, definedIn }));
  if (constructor !== null && !(type.form === "dataclass" && constructor.definedIn !== type)) {
    if (constructor.value.kind === "function") callFunction(m, constructor.value, withReceiver(self, args), expr);
    else havoc(m, [self]);
    return;
  }
  if (type.form === "dataclass") {
    constructDataclass(m, self, type, args, expr);
    return;
  }
  for (const base of type.bases)
    if (typeof base === "string" && isModuleClass(base)) constructCore(m, self, base, args, expr);
}

/** A method of a library base called through `super()`: `super().__init__(…)`, `super().forward(x)`. */
export function callLibraryBase(
  m: Machine,
  self: InstanceValue,
  base: string,
  name: string,
  args: CallArguments,
  expr: Expr,
): Value {
  if (name === m.dialect.constructorMethod) {
    if (isModuleClass(base)) constructCore(m, self, base, args, expr);
    else if (!TRANSPARENT.has(base)) havoc(m, [self]);
    return NONE;
  }
  return callUnknown(m, { ...args, positional: [self, ...args.positional] });
}

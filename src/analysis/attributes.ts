/**
 * Attribute lookup and assignment, by kind of value. Objects of user classes follow the method
 * resolution order; tensors and layers ask the catalogue; what is not there is unknown, never an error.
 */
import { type Library, lookupAttribute, lookupConstant, lookupOperator } from "../ops/index.ts";
import type { Attribute, Stmt } from "../program/syntax.ts";
import { equalShapes, freshSymbol, ofSymbol, unknownShape } from "../shapes/index.ts";
import { replaceTensor } from "./alias.ts";
import { shapeTuple } from "./assign.ts";
import { dictOfAttributes } from "./attribute-view.ts";
import { callFunction, plainArguments } from "./calls.ts";
import { isBuiltinMethod } from "./containers.ts";
import { fromDatum } from "./data.ts";
import { fieldNames } from "./fields.ts";
import { havoc } from "./havoc.ts";
import { importedModule } from "./modules.ts";
import { joinValues } from "./join.ts";
import type { Machine } from "./machine.ts";
import { moduleAttribute } from "./modules.ts";
import { childrenOf, coreAttribute, setNamedItem } from "./nn.ts";
import { mapOptions } from "./options.ts";
import {
  type ClassValue,
  coreOf,
  FORGOTTEN,
  type InstanceValue,
  stringOf,
  tupleOf,
  UNKNOWN,
  type Value,
  type VariableValue,
} from "./value.ts";
import { bindVariable, childOf, follow } from "./variable.ts";

/** `block.expansion`, where `block` is one of several classes, is a number of that name at every reading. */
function sharedNumber(m: Machine, union: Extract<Value, { kind: "union" }>, name: string): Value | null {
  if (union.shared === undefined) return null;
  const known = union.shared.get(name);
  if (known !== undefined) return known;
  const found = union.options.map((option) => (option.kind === "class" ? classAttribute(option, name) : UNKNOWN));
  const [first, ...rest] = found.map((value) => (value.kind === "int" ? value.value.key : null));
  if (first === null || rest.includes(null) || rest.every((key) => key === first)) return null;
  const cause = { text: `\`${name}\` of the class`, place: null };
  const symbol = freshSymbol(m.takeName(name) ? name : `class.${name}`, "inferred", { cause, min: null });
  const number: Value = { kind: "int", value: ofSymbol(symbol) };
  union.shared.set(name, number);
  return number;
}

export function getAttribute(m: Machine, object: Value, name: string, expr: Attribute | null): Value {
  const seen = follow(object);
  switch (seen.kind) {
    case "union":
      return sharedNumber(m, seen, name) ?? mapOptions(m, seen, (option) => getAttribute(m, option, name, expr));
    case "tensor":
      return tensorAttribute(m, seen, name);
    case "instance":
      return instanceAttribute(m, seen, name);
    case "class":
      return classAttribute(seen, name);
    case "super":
      return superAttribute(m, seen, name);
    case "module":
      return moduleAttribute(m, seen.module, name);
    case "library":
      return libraryAttribute(m, `${seen.name}.${name}`);
    case "variable":
      return variableAttribute(m, seen, name, expr);
    case "record":
      return (
        seen.fields.get(name) ??
        classLookup(seen.type ?? null, name, (found) => bindTo(m, seen, seen.type ?? null, found)) ??
        (name === "_fields" ? tupleOf([...seen.fields.keys()].map(stringOf)) : null) ??
        (isBuiltinMethod("tuple", name) ? { kind: "builtin-method", self: seen, name } : UNKNOWN)
      );
    case "partial": {
      const update = updateMethod(seen, name);
      return update ?? (name === "__name__" ? { kind: "string", value: null } : UNKNOWN);
    }
    case "function":
    case "method":
      return name === "__name__" ? { kind: "string", value: null } : UNKNOWN;
    case "builtin":
      return seen.name === "dict" && name === "fromkeys" ? { kind: "builtin-method", self: seen, name } : UNKNOWN;
    case "dtype":
    case "unknown":
    case "none":
      return UNKNOWN;
    default:
      return isBuiltinMethod(seen.kind, name) ? { kind: "builtin-method", self: seen, name } : UNKNOWN;
  }
}

function tensorAttribute(m: Machine, tensor: Extract<Value, { kind: "tensor" }>, name: string): Value {
  if (name === "shape") return shapeTuple(m.solver.shape(tensor.shape));
  if (name === "at" && tensor.library === "jax") return withArguments(AT, [tensor]);
  const datum = lookupAttribute(tensor.library, name, tensor, m.solver);
  if (datum !== null) return fromDatum(datum);
  return { kind: "tensor-method", self: tensor, name };
}

/** `x.at[index].set` is a function of JAX's to which the array and the index have been given already. */
const AT = "jax.Array.at";

function withArguments(name: string, args: readonly Value[]): Value {
  return { kind: "partial", callee: { kind: "library", name }, args, named: new Map() };
}

type PartialValue = Extract<Value, { kind: "partial" }>;

function isUpdate({ callee, args }: PartialValue, given: number): boolean {
  return callee.kind === "library" && callee.name === AT && args.length === given;
}

function updateMethod(value: PartialValue, name: string): Value | null {
  return isUpdate(value, 2) ? withArguments(`${AT}.${name}`, value.args) : null;
}

/** `x.at[index]`, of which only methods can be called. */
export function updatePlace(value: PartialValue, index: Value): Value {
  return isUpdate(value, 1) ? withArguments(AT, [...value.args, index]) : UNKNOWN;
}

function instanceAttribute(m: Machine, self: InstanceValue, name: string): Value {
  const own = self.attributes.get(name);
  if (own === undefined ? isOpenMethod(m, self, name) : isReassigned(m, self, name)) return UNKNOWN;
  const inherited = (): Value | null => classLookup(self.class, name, (found) => bindTo(m, self, self.class, found));
  if (own !== undefined) {
    if (own.kind === "instance" && OF_MODULES.has(name)) return UNKNOWN;
    if (own.kind !== "maybe") return follow(own);
    // What a layer has of its own is there where nothing was put in its place.
    const other = inherited() ?? coreAttribute(m, self, name);
    return other === null ? follow(own.value) : joinValues(own.value, other);
  }
  if (name === "__class__" && self.class !== null) return self.class;
  if (name === "__dict__") return dictOfAttributes(self);
  if (name === "_modules")
    return {
      kind: "dict",
      entries: new Map(
        (childrenOf(self) ?? [["*", UNKNOWN]]).map(([key, value]) => [key === "*" ? key : `s:${key}`, value]),
      ),
    };
  const core = coreAttribute(m, self, name);
  if (core !== null) return core;
  const found = inherited();
  if (found !== null) return found;
  const custom = customLookup(self.class);
  if (custom !== null) {
    if (custom.kind !== "function") return UNKNOWN;
    return callFunction(m, custom, plainArguments(self, stringOf(name)), null);
  }
  if (isLibraryObject(self)) return { kind: "builtin-method", self, name };
  return UNKNOWN;
}

/** Methods of `nn.Module`, which are found before a module that is registered under such a name. */
const OF_MODULES: ReadonlySet<string> = new Set(
  "to type apply train eval cpu cuda half float double bfloat16 compile modules children parameters buffers".split(" "),
);

/**
 * In the general view `self` may be an instance of a subclass: what a known subclass overrides is not
 * known, nor is a method without a body, which is there to be overridden.
 */
function isOpenMethod(m: Machine, self: InstanceValue, name: string): boolean {
  if (self.class === null || !isGeneralInstance(m, self)) return false;
  if (m.overridden.get(self.class.definition)?.has(name) === true && name !== "__init__") return true;
  if (m.assignedOutside.has(name)) return true;
  const found = classLookup(self.class, name, (value) => value);
  return found?.kind === "function" && found.definition.kind === "function" && found.definition.body.every(isEmpty);
}

function isGeneralInstance(m: Machine, self: Value): boolean {
  return (
    m.general &&
    self.kind === "instance" &&
    self.class !== null &&
    m.generalInstances.get(self.class.definition) === self
  );
}

/** Whether code outside of the class, or a subclass, assigns this attribute: the constructor's value need not be the one. */
function isReassigned(m: Machine, self: InstanceValue, name: string): boolean {
  if (self.class === null || !isGeneralInstance(m, self) || !m.complete.has(self)) return false;
  return m.assignedOutside.has(name) || m.overridden.get(self.class.definition)?.has(`self.${name}`) === true;
}

function isEmpty(statement: Stmt): boolean {
  return statement.kind === "pass" || (statement.kind === "expression" && statement.value.kind === "literal");
}

function customLookup(type: ClassValue | null): Value | null {
  if (classLookup(type, "__getattribute__", (v) => v) !== null) return UNKNOWN;
  return classLookup(type, "__getattr__", (v) => v);
}

/** Whether methods that the classes do not define are those of a library base, such as `nn.Module`. */
function isLibraryObject(self: InstanceValue): boolean {
  return self.library !== null || self.class?.bases.some((base) => typeof base === "string") === true;
}

export function classLookup<T>(
  type: ClassValue | null,
  name: string,
  found: (value: Value, definedIn: ClassValue) => T,
): T | null {
  if (type === null) return null;
  for (const candidate of [type, ...type.bases]) {
    if (typeof candidate === "string") continue;
    const value = candidate.attributes.get(name);
    if (value !== undefined) return found(follow(value), candidate);
  }
  return null;
}

function bindTo(m: Machine, self: Value, type: ClassValue | null, value: Value): Value {
  if (value.kind !== "function") return value;
  switch (value.binding) {
    case "static":
      return value;
    case "class":
      return type === null ? UNKNOWN : { kind: "method", self: type, function: value };
    case "property":
      return callFunction(m, value, { positional: [self], named: new Map(), open: false, sources: new Map() }, null);
    case "function":
      return { kind: "method", self, function: value };
    default:
      return value.binding satisfies never;
  }
}

/** What is found in an enumeration as it was written: its members and its methods. */
const OF_ENUMS: ReadonlySet<Value["kind"]> = new Set<Value["kind"]>(["instance", "method", "function"]);

function classAttribute(type: ClassValue, name: string): Value {
  if (name === "__name__") return stringOf(type.name);
  const found = classLookup(type, name, (value): Value => {
    if (value.kind === "function" && value.binding === "class") return { kind: "method", self: type, function: value };
    return value;
  });
  if (found !== null) return type.form === "enum" && !OF_ENUMS.has(found.kind) ? UNKNOWN : found;
  if (type.form === "namedtuple" && name === "_fields") return fieldNames(type);
  if (type.form === "namedtuple" && name === "_make") return { kind: "builtin-method", self: type, name };
  const library = type.bases.find((base) => typeof base === "string");
  return typeof library === "string" ? { kind: "library", name: `${library}.${name}` } : UNKNOWN;
}

function superAttribute(m: Machine, value: Extract<Value, { kind: "super" }>, name: string): Value {
  const self = value.self;
  const type = self.kind === "instance" ? self.class : self.kind === "class" ? self : null;
  if (type === null) return UNKNOWN;
  // In the general view `self` may be of a subclass that puts another base in between.
  if (isGeneralInstance(m, self) && m.mixed.has(value.after.definition)) return UNKNOWN;
  const order = [type, ...type.bases];
  const at = order.findIndex((base) => typeof base !== "string" && base.definition === value.after.definition);
  for (const base of order.slice(at + 1)) {
    if (typeof base === "string")
      return { kind: "builtin-method", self: { kind: "super", self, after: value.after }, name: `${base}.${name}` };
    const found = base.attributes.get(name);
    if (found === undefined) continue;
    if (found.kind !== "function") return found;
    if (self.kind === "instance") return bindTo(m, self, self.class, found);
    return found.binding === "class" ? { kind: "method", self, function: found } : found;
  }
  return { kind: "builtin-method", self: value, name: `object.${name}` };
}

export function libraryAttribute(m: Machine, name: string): Value {
  if (m.patched.has(name)) return UNKNOWN;
  if (m.folders.size > 0 && m.folders.has(name.split(".")[0] ?? "")) {
    const path = m.host.resolve(m.frame.module.path, name, 0);
    if (path !== null) return { kind: "module", module: importedModule(m, path, name) };
  }
  const constant = lookupConstant(name);
  return constant === null ? { kind: "library", name } : fromDatum(constant);
}

/**
 * An attribute of something of which nothing is known. Methods and attributes that only arrays have
 * tell that it is one; any other attribute is something of which nothing is known either.
 */
function variableAttribute(m: Machine, variable: VariableValue, name: string, expr: Attribute | null): Value {
  const isTorch = lookupOperator(`torch.Tensor.${name}`) !== null;
  const isNumpy = lookupOperator(`numpy.ndarray.${name}`) !== null;
  const likely = likelyLibrary(m);
  const isMethod = (isTorch || isNumpy) && !AMBIGUOUS.has(name) && expr !== null && isCalled(m, expr);
  const telling = ARRAY_ATTRIBUTES.has(name) || isMethod || (name === "at" && likely === "jax");
  if (telling && likely !== null) {
    const numpy = likely === "jax" ? "jax" : "numpy";
    const library = isTorch && !isNumpy ? "torch" : isNumpy && !isTorch ? numpy : (variable.library ?? likely);
    const tensor: Value = { kind: "tensor", shape: unknownShape(), dtype: null, library };
    return getAttribute(m, bindVariable(m, variable, tensor), name, expr);
  }
  const place = expr === null ? null : m.place(expr.span);
  return childOf(m, variable, `.${name}`, `${variable.name}.${name}`, place);
}

const ARRAY_ATTRIBUTES: ReadonlySet<string> = new Set(["shape", "ndim", "mT"]);

/** `x.dim()` is a method of an array; `config.dim` is anything. */
function isCalled(m: Machine, { span }: Attribute): boolean {
  return m.text({ start: span.end, end: span.end + 1 }) === "(";
}

/** Method names that arrays share with strings, containers, data frames, modules or files. */
const AMBIGUOUS: ReadonlySet<string> = new Set(
  `add apply apply_ copy count cpu cuda data device double dtype eval fill float format get grad half index items keys numpy
  pop remove replace requires_grad_ sort split to train type unique update values zero_`.split(/\s+/),
);

/** The array library that the present module imports. */
export function likelyLibrary(m: Machine): Library | null {
  let likely: Library | null = null;
  for (const value of m.frame.module.variables.values()) {
    if (value.kind !== "library") continue;
    if (value.name === "torch" || value.name.startsWith("torch.")) return "torch";
    if (value.name === "jax" || value.name.startsWith("jax.")) likely = "jax";
    if (value.name === "numpy" || value.name.startsWith("numpy.")) likely ??= "numpy";
  }
  return likely;
}

/** A layer whose parameter is replaced by one of another shape is no longer the layer that was made. */
function setOwnAttribute(m: Machine, self: InstanceValue, name: string, value: Value): void {
  if (setNamedItem(m, self, name, value)) return;
  const core = coreOf(self);
  if (core?.kind === "layer") {
    const before = core.layer.attributes(core.construction).get(name);
    const same =
      before?.kind === "tensor" &&
      value.kind === "tensor" &&
      equalShapes(m.solver.shape(before.shape), m.solver.shape(value.shape));
    if (before !== undefined && !same) m.trail.set(self.core, "core", FORGOTTEN);
  }
  m.trail.set(self.attributes, name, value);
}

/** What `object.__setattr__` does: a property is assigned through its setter. */
export function assignPlainly(m: Machine, self: InstanceValue, name: string, value: Value): void {
  const property = classLookup(self.class, name, (found) => found);
  if (property?.kind !== "function" || property.binding !== "property") setOwnAttribute(m, self, name, value);
  else if (property.setter === undefined) havoc(m, [self]);
  else callFunction(m, property.setter, plainArguments(self, value), null);
}

/** Whether reading an attribute gives what was assigned to it. */
export function isPlainAttribute(object: Value, name: string): boolean {
  const target = follow(object);
  if (target.kind !== "instance") return true;
  if (classLookup(target.class, "__setattr__", () => true) === true) return false;
  return classLookup(target.class, name, (found) => found.kind === "function" && found.binding === "property") !== true;
}

/** Assigns an attribute of an object as its class lets it be assigned. */
function setInstanceAttribute(m: Machine, self: InstanceValue, name: string, value: Value): void {
  const hook = classLookup(self.class, "__setattr__", (found) => found);
  if (hook === null) assignPlainly(m, self, name, value);
  else if (hook.kind === "function") callFunction(m, hook, plainArguments(self, stringOf(name), value), null);
  else havoc(m, [self]);
}

export function setAttribute(m: Machine, object: Value, name: string, value: Value): void {
  const target = follow(object);
  switch (target.kind) {
    case "instance":
      setInstanceAttribute(m, target, name, value);
      return;
    case "class":
      m.trail.set(target.attributes, name, value);
      return;
    case "module":
      m.reassigned.add(target.module.variables);
      m.trail.set(target.module.variables, name, value);
      return;
    case "library":
      m.trail.set(m.patched, `${target.name}.${name}`, true);
      return;
    case "variable":
      m.trail.set(target.children, `.${name}`, value);
      return;
    case "tensor":
      if (name === "shape" || name === "data")
        replaceTensor(m, target, name === "data" && value.kind === "tensor" ? value : UNKNOWN);
      return;
    case "union":
      havoc(m, target.options);
      return;
    default:
      return;
  }
}

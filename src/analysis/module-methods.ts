/**
 * Methods of library modules: of every `nn.Module`, and of the containers that hold modules by name or in
 * order. What a layer computes is not here.
 */
import { lookupOperator } from "../ops/index.ts";
import type { Expr } from "../program/syntax.ts";
import { eachExpression, eachStatement } from "../program/walk.ts";
import { type Answer, asNumber, constant, unknownDim } from "../shapes/index.ts";
import { setAttribute } from "./attributes.ts";
import { type CallArguments, callUnknown, callValue } from "./calls.ts";
import { havoc } from "./havoc.ts";
import { registerHook } from "./hooks.ts";
import { iterate } from "./iteration.ts";
import { joinValues } from "./join.ts";
import type { Machine } from "./machine.ts";
import { childrenOf, numbered, setEntries, setNamedItem, setUnnamed, stringEntries } from "./nn.ts";
import {
  type Core,
  coreOf,
  FORGOTTEN,
  type FunctionValue,
  type InstanceValue,
  listOf,
  manyOf,
  NONE,
  SOME_STRING,
  stringOf,
  tupleOf,
  UNKNOWN,
  type Value,
} from "./value.ts";
import { follow } from "./variable.ts";

/** Methods of `nn.Module` that give the module itself back. */
const SELF_METHODS: ReadonlySet<string> = new Set(
  `to cuda cpu train eval half float double bfloat16 requires_grad_ apply type share_memory compile xpu to_empty`.split(
    " ",
  ),
);

/** Methods that only look, or change what has no shape. */
const QUIET_METHODS: ReadonlySet<string> = new Set(
  `parameters named_parameters modules named_modules buffers named_buffers state_dict load_state_dict zero_grad
  extra_repr reset_parameters flatten_parameters size step backward save_hyperparameters log log_dict get_parameter get_buffer`.split(
    /\s+/,
  ),
);

const REGISTERING: ReadonlySet<string> = new Set([
  "register_buffer",
  "register_parameter",
  "add_module",
  "register_module",
]);

/** What else `nn.Module` has. */
const OTHERS: ReadonlySet<string> = new Set(
  `T_destination call_super_init children dump_patches forward get_extra_state set_extra_state get_submodule set_submodule
  ipu mtia named_children training`.split(/\s+/),
);

/** Whether an object of a class that builds on nothing but `nn.Module` surely has no method of this name from there. */
export function lacksMethod(self: InstanceValue, name: string): boolean {
  const plain = self.class?.bases.every((base) => typeof base !== "string" || PLAIN.has(base)) === true;
  const known = SELF_METHODS.has(name) || QUIET_METHODS.has(name) || REGISTERING.has(name) || OTHERS.has(name);
  return plain && !known && !/^(?:_|register_)/.test(name) && lookupOperator(`torch.nn.Module.${name}`) === null;
}

const PLAIN: ReadonlySet<string> = new Set(["torch.nn.Module", "object", "abc.ABC"]);

export function moduleMethod(m: Machine, self: InstanceValue, name: string, args: CallArguments, expr: Expr): Value {
  const fromContainer = containerMethod(m, self, name, args);
  if (fromContainer !== null) return fromContainer;
  if (name === "forward" || name === "__call__") return callValue(m, self, args, expr);
  return baseMethod(m, self, name, args, expr) ?? callUnknown(m, { ...args, positional: [self, ...args.positional] });
}

/** A method of `nn.Module` itself; null for what is none of them. */
export function baseMethod(
  m: Machine,
  self: InstanceValue,
  name: string,
  args: CallArguments,
  expr: Expr,
): Value | null {
  if (name === "children" || name === "named_children") return childList(self, name === "children");
  if (name === "get_submodule") return submodule(self, args.positional[0] ?? UNKNOWN);
  if (SELF_METHODS.has(name)) {
    if (args.named.has("memory_format")) m.otherMemoryFormat = true;
    return name === "apply" ? applied(m, self, args.positional[0] ?? UNKNOWN) : self;
  }
  if (REGISTERING.has(name)) return register(m, self, args, expr);
  if (/^_?register_\w*hook$/.test(name)) return registerHook(m, self, name, args);
  const quiet = QUIET_METHODS.has(name) || lookupOperator(`torch.nn.Module.${name}`) !== null;
  return quiet || self.library?.startsWith("torch.optim") === true ? seenThrough(name) : null;
}

/** Lists of parameters are lists of tensors, though neither which nor how many are known. */
function seenThrough(name: string): Value {
  const tensor: Value = UNKNOWN;
  if (name === "named_parameters" || name === "named_buffers")
    return manyOf(tupleOf([SOME_STRING, tensor]), unknownDim(), "generator");
  return UNKNOWN;
}

function register(m: Machine, self: InstanceValue, args: CallArguments, expr: Expr): Value {
  const [first, second] = args.positional;
  const key = first ?? args.named.get("name");
  const value = second ?? args.named.get("tensor") ?? args.named.get("param") ?? args.named.get("module") ?? UNKNOWN;
  if (key?.kind === "string" && key.value !== null) {
    setAttribute(m, self, key.value, value);
    if (expr.kind === "call" && expr.args[0] !== undefined) m.record(expr.args[0].value.span, "binding", value);
  } else setUnnamed(m, self);
  return NONE;
}

/** `apply(f)` calls `f` with every module inside. Most such functions only set numbers, and need not be run. */
function applied(m: Machine, self: InstanceValue, callee: Value): Value {
  const seen = follow(callee);
  const target = seen.kind === "method" ? seen.function : seen;
  if (target.kind !== "function" || !setsNumbersOnly(target)) havoc(m, [self, callee]);
  return self;
}

function setsNumbersOnly({ definition }: FunctionValue): boolean {
  if (definition.kind === "lambda") return definition.body.kind === "literal";
  let only = true;
  eachStatement(definition.body, (statement) => {
    const targets = statement.kind === "assign" ? statement.targets : [];
    if (targets.some((target) => target.kind === "attribute" && !SHAPELESS.test(target.name))) only = false;
  });
  eachExpression(definition.body, (expr) => {
    if (expr.kind === "call" && expr.callee.kind === "name" && expr.callee.id === "setattr") only = false;
  });
  return only;
}

const SHAPELESS = /^(?:data|training|requires_grad|gradient_checkpointing|momentum|eps|p|inplace)$/;

function childList(self: InstanceValue, plain: boolean): Value {
  const children = childrenOf(self);
  if (children === null) return UNKNOWN;
  return listOf(
    children.map(([name, child]) => (plain ? child : tupleOf([stringOf(name), child]))),
    "generator",
  );
}

function submodule(self: Value, path: Value): Value {
  if (path.kind !== "string" || path.value === null) return UNKNOWN;
  const parts = path.value === "" ? [] : path.value.split(".");
  return parts.reduce((value: Value, part) => {
    const seen = follow(value);
    return new Map(seen.kind === "instance" ? childrenOf(seen) : []).get(part) ?? UNKNOWN;
  }, self);
}

type Listed = Extract<Core, { kind: "sequential" | "module-list" }>;

/** The methods that containers of modules have beside those of every module. */
function containerMethod(m: Machine, self: InstanceValue, name: string, args: CallArguments): Value | null {
  const core = coreOf(self);
  if (core === undefined || core.kind === "layer") return null;
  const [first] = args.positional;
  if (core.kind === "module-dict") return dictMethod(m, self, core.entries, name, args);
  if (core.kind === "many-modules") {
    if (name !== "append" || first === undefined) return null;
    const element = joinValues(core.element, first);
    m.trail.set(self.core, "core", { kind: core.kind, element, length: unknownDim() });
    return self;
  }
  switch (name) {
    case "append":
      return first === undefined ? null : extendModules(m, self, core, [first]);
    case "extend":
      return extendWith(m, self, core, first ?? UNKNOWN);
    case "insert":
      return insertModule(m, self, core, first ?? UNKNOWN, args.positional[1] ?? UNKNOWN);
    case "pop":
      return popModule(m, self, core, first ?? { kind: "int", value: constant(-1) });
    default:
      return null;
  }
}

/** `modules += more` and `modules.extend(more)`. */
export function extendWith(m: Machine, self: InstanceValue, core: Listed, more: Value): Value {
  const spread = iterate(m, more);
  if (spread !== null && spread.exact) return extendModules(m, self, core, spread.elements);
  m.trail.set(self.core, "core", FORGOTTEN);
  return self;
}

/** Appended modules are called after their places. */
function extendModules(m: Machine, self: InstanceValue, core: Listed, more: readonly Value[]): Value {
  const entries = new Map(core.keys.map((key, i) => [key, core.items[i] ?? UNKNOWN]));
  for (const item of more) entries.set(String(entries.size), item);
  setEntries(m, self, core.kind, entries);
  return self;
}

function insertModule(m: Machine, self: InstanceValue, core: Listed, place: Value, value: Value): Value {
  const at = place.kind === "int" ? asNumber(m.solver.dim(place.value)) : null;
  if (at === null) m.trail.set(self.core, "core", FORGOTTEN);
  else m.trail.set(self.core, "core", numbered(core.kind, core.items.toSpliced(at, 0, value)));
  return core.kind === "sequential" ? self : NONE;
}

function popModule(m: Machine, self: InstanceValue, core: Listed, place: Value): Value {
  const at = place.kind === "int" ? asNumber(m.solver.dim(place.value)) : null;
  const item = at === null ? undefined : core.items.at(at);
  if (at === null || item === undefined) m.trail.set(self.core, "core", FORGOTTEN);
  else m.trail.set(self.core, "core", numbered(core.kind, core.items.toSpliced(at, 1)));
  return item ?? UNKNOWN;
}

function dictMethod(
  m: Machine,
  self: InstanceValue,
  entries: ReadonlyMap<string, Value>,
  name: string,
  args: CallArguments,
): Value | null {
  const [first] = args.positional;
  switch (name) {
    case "keys":
      return tupleOf([...entries.keys()].map(stringOf));
    case "values":
      return tupleOf([...entries.values()]);
    case "items":
      return tupleOf([...entries].map(([key, value]) => tupleOf([stringOf(key), value])));
    case "update": {
      const more = first === undefined ? null : stringEntries(m, first);
      if (more === null) m.trail.set(self.core, "core", FORGOTTEN);
      else setEntries(m, self, "module-dict", new Map([...entries, ...more]));
      return NONE;
    }
    case "pop": {
      const rest = new Map(entries);
      if (first?.kind !== "string" || first.value === null || !rest.delete(first.value))
        return (m.trail.set(self.core, "core", FORGOTTEN), UNKNOWN);
      setEntries(m, self, "module-dict", rest);
      return entries.get(first.value) ?? UNKNOWN;
    }
    case "clear":
      setEntries(m, self, "module-dict", new Map());
      return NONE;
    default:
      return null;
  }
}

/** Assigning `modules[key] = module`. */
export function setCoreItem(m: Machine, self: InstanceValue, index: Value, value: Value): boolean {
  const core = coreOf(self);
  if (core === undefined || core.kind === "layer") return false;
  if (core.kind === "many-modules") {
    const element = joinValues(core.element, value);
    m.trail.set(self.core, "core", { kind: core.kind, element, length: core.length });
    return true;
  }
  const name = core.kind === "module-dict" ? (index.kind === "string" ? index.value : null) : keyAt(m, core, index);
  if (
    name === null ||
    !(core.kind === "module-dict" ? putEntry(m, self, core.entries, name, value) : setNamedItem(m, self, name, value))
  )
    m.trail.set(self.core, "core", FORGOTTEN);
  return true;
}

function putEntry(
  m: Machine,
  self: InstanceValue,
  entries: ReadonlyMap<string, Value>,
  name: string,
  value: Value,
): boolean {
  setEntries(m, self, "module-dict", new Map(entries).set(name, value));
  return true;
}

function keyAt(m: Machine, core: Listed, index: Value): string | null {
  const at = index.kind === "int" ? asNumber(m.solver.dim(index.value)) : null;
  return at === null ? null : (core.keys.at(at) ?? null);
}

/** `del modules[1]`: what follows moves up. */
export function deleteCoreItem(m: Machine, self: InstanceValue, index: Value): boolean {
  const core = coreOf(self);
  if (core === undefined || core.kind === "layer") return false;
  if (core.kind === "module-dict") {
    const rest = new Map(core.entries);
    if (index.kind !== "string" || index.value === null || !rest.delete(index.value))
      m.trail.set(self.core, "core", FORGOTTEN);
    else setEntries(m, self, core.kind, rest);
  } else if (core.kind === "many-modules" || index.kind !== "int") m.trail.set(self.core, "core", FORGOTTEN);
  else popModule(m, self, core, index);
  return true;
}

/** `key in modules` */
export function containsModule(self: InstanceValue, item: Value): Answer {
  const core = coreOf(self);
  if (self.class !== null || core?.kind !== "module-dict" || item.kind !== "string" || item.value === null)
    return "maybe";
  return core.entries.has(item.value) ? "yes" : "no";
}

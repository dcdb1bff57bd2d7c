/**
 * Objects of `torch.nn`: layers with their attributes, and the containers that hold modules. Layers
 * themselves are the catalogue's; this is how they live in objects.
 */
import { type Layer, lookupLayer } from "../ops/index.ts";
import type { Expr } from "../program/syntax.ts";
import { asNumber, constant, unknownDim } from "../shapes/index.ts";
import type { CallArguments } from "./calls.ts";
import { callValue } from "./calls.ts";
import { runChain } from "./chains.ts";
import { fromDatum } from "./data.ts";
import { allocate } from "./allocation.ts";
import { type Iteration, iterate } from "./iteration.ts";
import { applyLayer, prepare, reportProblem, shorten } from "./library.ts";
import type { Machine } from "./machine.ts";
import { argumentsFor } from "./sources.ts";
import { integerNamed } from "./types.ts";
import { type Core, coreOf, FORGOTTEN, type InstanceValue, stringOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

const CONTAINERS: Readonly<Record<string, "sequential" | "module-list" | "module-dict">> = {
  "torch.nn.Sequential": "sequential",
  "torch.nn.ModuleList": "module-list",
  "torch.nn.ParameterList": "module-list",
  "torch.nn.ModuleDict": "module-dict",
  "torch.nn.ParameterDict": "module-dict",
};

export function isModuleClass(name: string): boolean {
  return name in CONTAINERS || lookupLayer(name) !== null || name === "torch.nn.Module";
}

/** Makes an instance of a library class of modules. */
export function makeModule(m: Machine, name: string, args: CallArguments, expr: Expr | null): Value {
  const instance = allocate(m, expr, name, () => ({
    kind: "instance",
    id: m.nextInstance(),
    class: null,
    library: name,
    attributes: new Map(),
    core: new Map(),
    state: new Map(),
  }));
  constructCore(m, instance, name, args, expr);
  return instance;
}

/** What the constructor of the library class `name` does to `self` (also as `super().__init__`). */
export function constructCore(
  m: Machine,
  self: InstanceValue,
  name: string,
  args: CallArguments,
  expr: Expr | null,
): void {
  const container = CONTAINERS[name];
  if (container !== undefined) {
    const core = containerCore(m, container, args);
    if (core === null) m.trail.set(self.state, "open", true);
    else m.trail.set(self.core, "core", core);
    return;
  }
  const layer = lookupLayer(name);
  if (layer === null || (args.open && (!m.general || args.positional.length > 0 || args.named.size > 0))) return;
  const { positional, named } = args.open ? openArguments(m, layer) : argumentsFor(args);
  const prepared = prepare(m, layer.constructorParameters, positional, named, "all");
  if (prepared === null) return;
  const cause =
    expr === null ? { text: name, place: null } : m.cause(`\`${m.text(expr.span).slice(0, 60)}\``, expr.span);
  const problem = layer.construct({ args: prepared.bound, solver: m.solver, name, cause });
  if (problem !== null && expr !== null) {
    reportProblem(m, problem, prepared, expr);
    if (problem.severity === "error") return;
  }
  const site = expr === null ? null : m.siteName(expr.span);
  m.trail.set(self.core, "core", { kind: "layer", layer, construction: prepared.bound, site });
}

/** Any arguments at all, as the general view of a class that extends a layer has them: sizes by their names. */
function openArguments(m: Machine, { constructorParameters }: Layer): ReturnType<typeof argumentsFor> {
  const named = new Map(
    constructorParameters.map(({ name, kind, default: usual }) => {
      const value = kind === "int" && usual === undefined ? integerNamed(m, name, null) : UNKNOWN;
      return [name, { value, expr: null }] as const;
    }),
  );
  return { positional: [], named };
}

function containerCore(m: Machine, kind: Core["kind"], args: CallArguments): Core | null {
  const [each] = args.all?.elements ?? [];
  if (kind === "sequential" && each !== undefined)
    return { kind: "many-modules", element: each, length: unknownDim(), parts: args.all?.parts };
  if (args.open) return null;
  const [first] = args.positional;
  if (kind === "module-dict") {
    const entries = first === undefined ? new Map<string, Value>() : stringEntries(m, first);
    return entries === null ? null : { kind, entries };
  }
  if (kind === "module-list") {
    if (first === undefined) return { kind, keys: [], items: [] };
    const spread = iterate(m, first);
    if (spread === null) return null;
    if (spread.exact) return numbered(kind, spread.elements);
    const [element] = spread.elements;
    const { length, parts } = spread;
    return element === undefined ? null : { kind: "many-modules", element, length: length ?? unknownDim(), parts };
  }
  if (kind !== "sequential") return null;
  const ordered = first?.kind === "dict" && args.positional.length === 1 ? stringEntries(m, first) : null;
  if (ordered !== null) return { kind, keys: [...ordered.keys()], items: [...ordered.values()] };
  return numbered(kind, args.positional);
}

export function numbered(kind: "sequential" | "module-list", items: readonly Value[]): Core {
  return { kind, keys: items.map((_, i) => String(i)), items };
}

/** The entries of a dict, or of a list of pairs, whose keys are all known strings. */
export function stringEntries(m: Machine, value: Value): Map<string, Value> | null {
  const seen = follow(value);
  if (seen.kind === "instance" && coreOf(seen)?.kind === "module-dict") return new Map(childrenOf(seen) ?? []);
  const given = seen.kind === "dict" ? seen.entries : pairsOf(m, seen);
  if (given === null) return null;
  const entries = new Map<string, Value>();
  for (const [key, entry] of given) {
    if (!key.startsWith("s:") || entry.kind === "maybe") return null;
    entries.set(key.slice(2), entry);
  }
  return entries;
}

function pairsOf(m: Machine, value: Value): Map<string, Value> | null {
  const all = value.kind === "list" || value.kind === "tuple" || value.kind === "lazy" ? iterate(m, value) : null;
  if (all === null || !all.exact) return null;
  const entries = new Map<string, Value>();
  for (const pair of all.elements) {
    const spread = iterate(m, pair);
    const [key, entry] = spread?.elements ?? [];
    if (key?.kind !== "string" || key.value === null || entry === undefined || spread?.elements.length !== 2)
      return null;
    entries.set(`s:${key.value}`, entry);
  }
  return entries;
}

/** An attribute that the library gives an object: of a layer, or a named item of a container. */
export function coreAttribute(_m: Machine, self: InstanceValue, name: string): Value | null {
  const core = coreOf(self);
  if (core === undefined) return null;
  switch (core.kind) {
    case "layer": {
      const datum = core.layer.attributes(core.construction).get(name);
      return datum === undefined ? null : fromDatum(datum);
    }
    case "sequential":
    case "module-list":
      return core.items[core.keys.indexOf(name)] ?? null;
    case "module-dict":
      return core.entries.get(name) ?? null;
    case "many-modules":
      return /^\d+$/.test(name) ? core.element : null;
    default:
      return core satisfies never;
  }
}

/** Calls a layer or runs the modules of a `Sequential` in order. Null if this object has no such core. */
export function callCore(m: Machine, self: InstanceValue, args: CallArguments, expr: Expr): Value | null {
  const core = coreOf(self);
  if (core === undefined) return null;
  if (core.kind === "layer") {
    if (args.open) return UNKNOWN;
    const { positional, named } = argumentsFor(args);
    return applyLayer(m, core, positional, named, expr, args.callee);
  }
  if (core.kind === "many-modules" && self.library === "torch.nn.Sequential") return runChain(m, core, args, expr);
  if (core.kind !== "sequential" || args.open) return UNKNOWN;
  const callee = args.callee ?? (expr.kind === "call" ? shorten(m.text(expr.callee.span)) : "Sequential");
  return core.items.reduce((value, item, i) => {
    // Only the first module is given what was written.
    const sources = i === 0 ? args.sources : new Map();
    const inner = {
      positional: [value],
      named: new Map(),
      open: false,
      sources,
      callee: `${callee}[${core.keys[i] ?? i}]`,
    };
    return callValue(m, item, inner, expr);
  }, args.positional[0] ?? UNKNOWN);
}

/** What iterating over an object that holds modules gives; null where it holds none that are known. */
export function iterateModules(value: InstanceValue): Iteration | null {
  const core = coreOf(value);
  if (core?.kind === "many-modules")
    return { elements: [core.element], exact: false, length: core.length, parts: core.parts };
  const items = coreItems(value);
  return items === null ? null : { elements: items, exact: true, length: constant(items.length) };
}

/** The modules that an object holds, in order, where they are known. */
function coreItems(value: InstanceValue): readonly Value[] | null {
  const core = coreOf(value);
  if (core === undefined || core.kind === "layer" || core.kind === "many-modules") return null;
  if (core.kind === "module-dict") return [...core.entries.keys()].map(stringOf);
  return core.items;
}

/**
 * The modules that an object holds, by name and in the order in which they came, as `children()` gives them;
 * null where something of which nothing is known may be one of them.
 */
export function childrenOf(self: InstanceValue): readonly (readonly [string, Value])[] | null {
  const core = coreOf(self);
  if (self.state.has("open") || core?.kind === "many-modules") return null;
  const own = [...self.attributes].map(([name, value]) => [name, follow(value)] as const);
  if (own.some(([, value]) => !CERTAIN.has(value.kind))) return null;
  const modules = own.filter(([, value]) => value.kind === "instance" && isModule(value));
  if (core === undefined || core.kind === "layer") return core === undefined ? modules : null;
  const entries =
    core.kind === "module-dict"
      ? [...core.entries]
      : core.keys.map((key, i) => [key, core.items[i] ?? UNKNOWN] as const);
  return modules.length === 0 ? entries : null;
}

/** Kinds of values of which it can be told whether they are modules. */
const CERTAIN: ReadonlySet<Value["kind"]> = new Set<Value["kind"]>([
  "tensor",
  "int",
  "float",
  "bool",
  "string",
  "none",
  "tuple",
  "list",
  "dict",
  "dtype",
  "function",
  "instance",
]);

export function isModule(value: InstanceValue): boolean {
  const names = [value.library, ...(value.class?.bases ?? [])];
  return names.some((name) => typeof name === "string" && isModuleClass(name));
}

export function coreIndex(m: Machine, value: InstanceValue, index: Value): Value {
  const core = coreOf(value);
  if (core === undefined || core.kind === "layer") return UNKNOWN;
  if (core.kind === "many-modules") {
    if (index.kind === "int") return core.element;
    if (index.kind !== "slice") return UNKNOWN;
    return {
      ...value,
      id: m.nextInstance(),
      core: new Map([["core", { kind: core.kind, element: core.element, length: unknownDim() }]]),
    };
  }
  if (core.kind === "module-dict")
    return index.kind === "string" && index.value !== null ? (core.entries.get(index.value) ?? UNKNOWN) : UNKNOWN;
  if (index.kind === "int") {
    const at = asNumber(m.solver.dim(index.value));
    return at === null ? UNKNOWN : (core.items.at(at) ?? UNKNOWN);
  }
  if (index.kind !== "slice") return UNKNOWN;
  const bound = (part: Value): number | null | undefined =>
    part.kind === "none" ? undefined : part.kind === "int" ? asNumber(m.solver.dim(part.value)) : null;
  const [lower, upper, step] = [bound(index.lower), bound(index.upper), bound(index.step)];
  if (lower === null || upper === null || step !== undefined) return UNKNOWN;
  const items = core.items.slice(lower, upper);
  return { ...value, id: m.nextInstance(), core: new Map([["core", numbered(core.kind, items)]]) };
}

export function coreLength(value: InstanceValue): Value | null {
  const all = iterateModules(value);
  return all === null || all.length === null ? null : { kind: "int", value: all.length };
}

/** Puts a module under a name into a container that has its modules by name; false where it is not one. */
export function setNamedItem(m: Machine, self: InstanceValue, name: string, value: Value): boolean {
  const core = coreOf(self);
  if (core === undefined || core.kind === "layer" || core.kind === "many-modules") return false;
  const seen = follow(value);
  const entries = new Map(
    core.kind === "module-dict" ? core.entries : core.keys.map((key, i) => [key, core.items[i] ?? UNKNOWN]),
  );
  // What is no module stands beside the modules, and takes the place of one of the same name.
  const isPart = (seen.kind === "instance" && isModule(seen)) || !CERTAIN.has(seen.kind);
  if (!isPart && !entries.has(name)) return false;
  if (seen.kind !== "instance") m.trail.set(self.core, "core", FORGOTTEN);
  else setEntries(m, self, core.kind, entries.set(name, seen));
  return true;
}

/** A module or a tensor is put under a name that is not known: it may be any of the object's, or one more to run. */
export function setUnnamed(m: Machine, self: InstanceValue): void {
  m.trail.set(self.state, "open", true);
  if (self.core.has("core")) m.trail.set(self.core, "core", FORGOTTEN);
}

export function setEntries(
  m: Machine,
  self: InstanceValue,
  kind: "sequential" | "module-list" | "module-dict",
  entries: Map<string, Value>,
): void {
  const core: Core =
    kind === "module-dict" ? { kind, entries } : { kind, keys: [...entries.keys()], items: [...entries.values()] };
  m.trail.set(self.core, "core", core);
}

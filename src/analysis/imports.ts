/**
 * Imports: of the program's own files, which are run, and of libraries, which are names in the catalogue.
 */
import { isKnownName } from "../ops/index.ts";
import type { ImportedName, Stmt } from "../program/syntax.ts";
import { libraryAttribute } from "./attributes.ts";
import type { CallArguments } from "./calls.ts";
import { declaredBeside } from "./declared.ts";
import { canWait, forgetNames, putOff } from "./demand.ts";
import { namesGiven } from "./given-names.ts";
import type { ModuleFrame } from "./frame.ts";
import type { Machine } from "./machine.ts";
import { importedModule, moduleAttribute } from "./modules.ts";
import { bindName } from "./scope.ts";
import { contentOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

export function importModule(m: Machine, imported: ImportedName): void {
  const [top = imported.name] = imported.name.split(".");
  const wanted = imported.alias === null ? top : imported.name;
  if (waits(m, imported.alias ?? top, wanted)) return;
  const value = moduleNamed(m, wanted);
  bindName(m, imported.alias ?? top, value);
  // `import a.b` runs `a.b` too, though it binds `a`.
  if (imported.alias !== null || wanted === imported.name) return;
  const inner = moduleNamed(m, imported.name);
  if (value.kind === "library" && inner.kind === "module") m.folders.add(top);
}

/** Whether the program's own module of a name is imported later, when it is used. */
function waits(m: Machine, bound: string, name: string): boolean {
  const path = canWait(m) ? m.host.resolve(m.frame.module.path, name, 0) : null;
  return path !== null && putOff(m, bound, { path, name, member: null });
}

function moduleNamed(m: Machine, name: string): Value {
  return moduleAt(m, name, 0) ?? libraryAttribute(m, name);
}

/** The program's own module of a name; null where it has none. */
function moduleAt(m: Machine, name: string, level: number): Value | null {
  const path = m.host.resolve(m.frame.module.path, name, level);
  return path === null ? null : { kind: "module", module: importedModule(m, path, name) };
}

/** `importlib.import_module(".layers", __package__)`, where the name is known. */
export function importByName(m: Machine, args: CallArguments): Value {
  const name = args.positional[0] ?? args.named.get("name") ?? UNKNOWN;
  if (args.open || name.kind !== "string" || name.value === null) return UNKNOWN;
  const level = /^\.*/.exec(name.value)?.[0].length ?? 0;
  const own = name.value.slice(level);
  const around = args.positional[1] ?? args.named.get("package") ?? UNKNOWN;
  const parts = around.kind === "string" && around.value !== null && level > 0 ? around.value.split(".") : null;
  const value =
    (parts === null ? null : moduleAt(m, [...parts.slice(0, parts.length - level + 1), own].join("."), 0)) ??
    moduleAt(m, own, level);
  return value ?? (level > 0 ? UNKNOWN : libraryAttribute(m, name.value));
}

type ImportFrom = Extract<Stmt, { kind: "import-from" }>;

export function importFrom(m: Machine, statement: ImportFrom): void {
  const { module: name, level } = statement;
  if (canWait(m)) {
    const path = m.host.resolve(m.frame.module.path, name, level);
    if (path !== null && importLater(m, statement, path)) return;
  }
  importNow(m, statement);
}

/** Puts off what an import binds; false where it is not known what that is. */
function importLater(m: Machine, { module: name, level, names }: ImportFrom, path: string): boolean {
  const listed = names === "*" ? (namesGiven(m, path)?.map((one) => ({ name: one, alias: null })) ?? null) : names;
  if (listed === null) return false;
  for (const one of listed) {
    const bound = one.alias ?? one.name;
    const beside = level === 0 ? null : declaredBeside(m, m.frame.module.path, level, name, one.name);
    if (beside === null && putOff(m, bound, { path, name, member: one.name })) continue;
    const from: Value = { kind: "module", module: importedModule(m, path, name) };
    bindName(m, bound, beside ?? member(m, from, one.name));
  }
  return true;
}

function importNow(m: Machine, { module: name, level, names }: ImportFrom): void {
  const from = moduleAt(m, name, level) ?? (level > 0 ? UNKNOWN : { kind: "library", name });
  if (names === "*") {
    importAll(m, from);
    return;
  }
  for (const one of names) {
    const beside = level === 0 ? null : declaredBeside(m, m.frame.module.path, level, name, one.name);
    // A folder without a file of its own is a package all the same.
    const inFolder = from.kind === "module" ? null : moduleAt(m, name === "" ? one.name : `${name}.${one.name}`, level);
    bindName(m, one.alias ?? one.name, beside ?? inFolder ?? member(m, from, one.name));
  }
}

function member(m: Machine, from: Value, name: string): Value {
  if (from.kind === "module") return moduleAttribute(m, from.module, name);
  return from.kind === "library" ? libraryAttribute(m, `${from.name}.${name}`) : UNKNOWN;
}

/**
 * `from x import *` binds the names of a library that the catalogue knows. One that it does not know may
 * bind any name, those that are bound already included.
 */
function importAll(m: Machine, from: Value): void {
  const { variables } = m.frame.module;
  if (from.kind === "library" && isKnownName(from.name)) {
    m.trail.set(variables, "*", from);
    return;
  }
  if (from.kind !== "module") {
    forgetNames(m, m.frame.module);
    m.trail.set(variables, "*", UNKNOWN);
    return;
  }
  const listed = listedNames(from.module);
  const { variables: given, demands } = from.module;
  for (const [name, value] of given)
    if (name === "*" || (listed === null ? !name.startsWith("_") : listed.has(name))) bindName(m, name, value);
  const others = listed ?? [...demands.keys()].filter((name) => !name.startsWith("_"));
  for (const name of others) if (!given.has(name)) bindName(m, name, moduleAttribute(m, from.module, name));
}

/** The names that a module says are its own to give; null where it does not say, or not certainly. */
function listedNames({ variables }: ModuleFrame): ReadonlySet<string> | null {
  const all = follow(variables.get("__all__") ?? UNKNOWN);
  const content = all.kind === "list" ? contentOf(all) : null;
  const items = all.kind === "tuple" ? all.items : content !== null && "items" in content ? content.items : null;
  if (items === null) return null;
  const names = items.flatMap((item) => (item.kind === "string" && item.value !== null ? [item.value] : []));
  return names.length === items.length ? new Set(names) : null;
}

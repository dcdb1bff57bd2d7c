/**
 * Imports: of the program's own files, which are run, and of libraries, which are names in the catalogue.
 */
import { isKnownName } from "../ops/index.ts";
import type { ImportedName, Stmt } from "../program/syntax.ts";
import { libraryAttribute } from "./attributes.ts";
import { declaredBeside } from "./declared.ts";
import type { Machine } from "./machine.ts";
import { importedModule, moduleAttribute } from "./modules.ts";
import { bindName } from "./scope.ts";
import { UNKNOWN, type Value } from "./value.ts";

export function importModule(m: Machine, imported: ImportedName): void {
  const [top = imported.name] = imported.name.split(".");
  const wanted = imported.alias === null ? top : imported.name;
  bindName(m, imported.alias ?? top, moduleNamed(m, wanted));
  // `import a.b` runs `a.b` too, though it binds `a`.
  if (imported.alias === null && wanted !== imported.name) moduleNamed(m, imported.name);
}

function moduleNamed(m: Machine, name: string): Value {
  const path = m.host.resolve(m.frame.module.path, name, 0);
  if (path !== null) return { kind: "module", module: importedModule(m, path, name) };
  return libraryAttribute(m, name);
}

export function importFrom(m: Machine, statement: Extract<Stmt, { kind: "import-from" }>): void {
  const { module: name, level, names } = statement;
  const path = m.host.resolve(m.frame.module.path, name, level);
  const from: Value =
    path !== null
      ? { kind: "module", module: importedModule(m, path, name) }
      : level > 0
        ? UNKNOWN
        : { kind: "library", name: name };
  if (names === "*") {
    importAll(m, from);
    return;
  }
  for (const one of names) {
    const beside = level === 0 ? null : declaredBeside(m, m.frame.module.path, level, name, one.name);
    bindName(m, one.alias ?? one.name, beside ?? member(m, from, one.name));
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
    for (const name of variables.keys()) m.trail.set(variables, name, UNKNOWN);
    m.trail.set(variables, "*", UNKNOWN);
    return;
  }
  for (const [name, value] of from.module.variables) {
    if (name === "*" || !name.startsWith("_")) bindName(m, name, value);
  }
}

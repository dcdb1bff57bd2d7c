/**
 * Modules of the program: running one once, and reading its names from elsewhere. A name that a module
 * has not (yet) bound, as in a circular import, is unknown.
 */
import type { Chunk, Program } from "../program/syntax.ts";
import { callFunction, plainArguments } from "./calls.ts";
import { declaredName, loadDeclarations } from "./declared.ts";
import { demanded, forgetNames } from "./demand.ts";
import { namesIn } from "./dependencies.ts";
import type { ModuleFrame } from "./frame.ts";
import { havoc } from "./havoc.ts";
import { type Completion, inside, type Machine } from "./machine.ts";
import { assignedAttributes, volatileNames } from "./rebinding.ts";
import { executeBlock } from "./statements.ts";
import { UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

/** How much of the budget that is left one chunk may take. */
const SHARE = 0.75;

export function moduleAttribute(m: Machine, module: ModuleFrame, name: string): Value {
  const declared = declaredName(m, module.path, name);
  if (declared !== null) return declared;
  const value = module.variables.get(name);
  if (value !== undefined) return follow(value);
  return demanded(m, module, name) ?? submodule(m, module, name) ?? fromGetter(m, module, name) ?? UNKNOWN;
}

/** A module may have a function that gives the names which it does not bind. */
function fromGetter(m: Machine, module: ModuleFrame, name: string): Value | null {
  const getter = module.variables.get(m.dialect.moduleGetter);
  if (getter?.kind !== "function" || name.startsWith("__")) return null;
  return callFunction(m, getter, plainArguments({ kind: "string", value: name }), null);
}

function submodule(m: Machine, module: ModuleFrame, name: string): Value | null {
  const path = m.host.resolve(module.path, name, 1);
  if (path === null || path === module.path) return null;
  return { kind: "module", module: importedModule(m, path, name) };
}

/** The module at a path: what is left of its first import, or its run here and now. */
export function importedModule(m: Machine, path: string, name: string): ModuleFrame {
  const known = m.modules.get(path);
  if (known !== undefined) return known;
  const provided = m.imports.provide(m, path, name);
  if (provided !== null) {
    m.modules.set(path, provided);
    return provided;
  }
  const program = m.host.program(path);
  const module = makeModuleFrame(path, name, program);
  m.modules.set(path, module);
  if (program !== null) runModule(m, module, program);
  else module.variables.set("*", UNKNOWN);
  return module;
}

export function makeModuleFrame(path: string, name: string, program: Program | null): ModuleFrame {
  const module: ModuleFrame = {
    variables: new Map(),
    locals: null,
    parent: null,
    get module() {
      return module;
    },
    isClassBody: false,
    symbols: new Map(),
    demands: new Map(),
    function: null,
    self: null,
    path,
    name,
    volatile: program === null ? new Set() : volatileNames(program),
  };
  return module;
}

/** Executes a module's chunks in order, as an import does: seen from no call. */
export function runModule(m: Machine, module: ModuleFrame, program: Program): void {
  const { context, general, tolerant, loops, nested } = m;
  m.context = null;
  m.general = false;
  m.loops = [];
  startModule(m, module, program);
  m.activate();
  for (const chunk of program.chunks) {
    if (runChunk(m, module, chunk) === "left") break;
  }
  m.activations.pop();
  m.context = context;
  m.general = general;
  m.tolerant = tolerant;
  m.loops = loops;
  m.nested = nested;
}

/** What holds of a module before any of it is run. */
export function startModule(m: Machine, module: ModuleFrame, program: Program): void {
  loadDeclarations(m, module.path);
  for (const name of assignedAttributes(program)) m.assignedOutside.add(name);
  for (const chunk of program.chunks) m.enterFile(chunk, module.path);
}

export function runChunk(m: Machine, module: ModuleFrame, chunk: Chunk): Completion {
  return inside(m, module, chunk, () => runInShare(m, module, chunk));
}

/** Runs a chunk under a share of the budget that is left; of one that takes more, nothing is known but what it may have changed. */
function runInShare(m: Machine, module: ModuleFrame, chunk: Chunk): Completion {
  const { limit } = m;
  const [records, findings] = [m.records.length, m.findings.length];
  m.limit = m.steps + Math.ceil((limit - m.steps) * SHARE);
  const completion = executeBlock(m, chunk.unit.body);
  m.limit = limit;
  if (!m.stopped || m.exhausted === "cancelled") return completion;
  m.stopped = false;
  m.takeView(records, findings);
  spoilChunk(m, module, chunk);
  return "normal";
}

function spoilChunk(m: Machine, module: ModuleFrame, chunk: Chunk): void {
  const { variables } = module;
  const { binds, mentions, everywhere } = namesIn(chunk.unit);
  havoc(
    m,
    [...mentions].flatMap((name) => variables.get(name) ?? []),
  );
  for (const name of binds) m.trail.set(variables, name, UNKNOWN);
  if (everywhere) forgetNames(m, module);
}

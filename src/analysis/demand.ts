/**
 * Imports of modules that are put off until a name is used: of a large library, a program needs little. It knows where
 * such a name leads. Whether imports may be put off is for the loader to say.
 */
import type { Frame, ModuleFrame } from "./frame.ts";
import type { Machine } from "./machine.ts";
import { importedModule, moduleAttribute } from "./modules.ts";
import { UNKNOWN, type Value } from "./value.ts";

/** An import that has not been done: a module, or what it calls `member`. */
export interface Demand {
  readonly path: string;
  readonly name: string;
  readonly member: string | null;
}

/** Whether imports here wait for their use. On a path that may not be taken they don't, nor in a file that is shown. */
export function canWait(m: Machine): boolean {
  const { module } = m.frame;
  return m.imports.onDemand && m.frame === module && m.branching === 0 && !m.shown.has(module.path);
}

/** Binds a name when it is used; false where it has a value already, which has to be replaced now. */
export function putOff(m: Machine, id: string, demand: Demand): boolean {
  const { module } = m.frame;
  if (module.variables.has(id)) return false;
  m.trail.set(module.demands, id, demand);
  return true;
}

/** What an import that was put off gives a name of a module; null where there is none for it. */
export function demanded(m: Machine, module: ModuleFrame, id: string): Value | null {
  const demand = module.demands.get(id);
  if (demand === undefined) return null;
  // Modules that only hand a name to each other have none to give.
  if (m.opening.has(demand)) return UNKNOWN;
  m.opening.add(demand);
  const isNew = !m.modules.has(demand.path);
  const from = importedModule(m, demand.path, demand.name);
  if (isNew) m.demanded.push(from);
  const value = memberOf(m, from, demand.member);
  m.opening.delete(demand);
  return value;
}

function memberOf(m: Machine, module: ModuleFrame, member: string | null): Value {
  if (member === null) return { kind: "module", module };
  // The import came before what the analysis has written there, or after it.
  return m.trail.hasWritten(module.variables, member) ? UNKNOWN : moduleAttribute(m, module, member);
}

/** Nothing is known any more of what a scope binds. */
export function forgetNames(m: Machine, { variables, module }: Frame): void {
  for (const name of variables.keys()) m.trail.set(variables, name, UNKNOWN);
  if (variables !== module.variables) return;
  for (const name of module.demands.keys()) m.trail.set(variables, name, UNKNOWN);
}

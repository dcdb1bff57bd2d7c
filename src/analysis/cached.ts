/**
 * Functions that Python runs once for the same arguments, as `functools.lru_cache` makes them: the plain answers of
 * those of imported modules are kept for the analysis.
 */
import type { CallArguments } from "./calls.ts";
import type { Machine } from "./machine.ts";
import { entryOf } from "../shapes/index.ts";
import type { FunctionValue, Value } from "./value.ts";

/** The answer to a call, which is run where it has not been, or where its answer may have changed. */
export function answered(m: Machine, target: FunctionValue, args: CallArguments, run: () => Value): Value {
  const key = keyOf(args);
  if (key === null || m.shown.has(target.closure.module.path)) return run();
  const answers = entryOf(m.answers, target.definition, () => new Map<string, Value>());
  const known = answers.get(key);
  if (known !== undefined) return known;
  const value = run();
  if (isPlain(value) && !m.crashed && !m.thrown && !m.stopped) answers.set(key, value);
  return value;
}

function keyOf({ positional, named, open }: CallArguments): string | null {
  const given = [...positional.map((value) => ["", value] as const), ...named];
  if (open || !given.every(([, value]) => "value" in value && isPlain(value))) return null;
  return JSON.stringify(given.map(([name, value]) => [name, value.kind, "value" in value ? value.value : null]));
}

/** What is the same wherever it is seen. */
function isPlain(value: Value): boolean {
  if (value.kind === "tuple") return value.items.every(isPlain);
  return value.kind === "bool" || value.kind === "string" || value.kind === "none" || value.kind === "unknown";
}

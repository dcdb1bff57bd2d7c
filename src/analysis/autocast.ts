/**
 * Automatic mixed precision: in the extent of `torch.autocast`, torch chooses the type in which an operation computes,
 * by lists that depend on the device. It knows where that may be so, and opens the types of what is computed there.
 */
import type { Expr } from "../program/syntax.ts";
import type { CallArguments } from "./calls.ts";
import type { Machine } from "./machine.ts";
import { lookupName } from "./scope.ts";
import type { Value } from "./value.ts";
import { follow } from "./variable.ts";

const ON: Value = { kind: "builtin", name: "autocast" };
const OFF: Value = { kind: "builtin", name: "no-autocast" };

export const AUTOCAST: ReadonlySet<string> = new Set([
  "torch.autocast",
  "torch.amp.autocast",
  "torch.cuda.amp.autocast",
  "torch.cpu.amp.autocast",
  "torch.amp.autocast_mode.autocast",
  "torch.cuda.amp.autocast_mode.autocast",
]);

/** `torch.autocast(…)`: a context manager that is entered later, or a decorator. */
export function makeAutocast(args: CallArguments): Value {
  const enabled = args.named.get("enabled");
  return enabled?.kind === "bool" && enabled.value === false ? OFF : ON;
}

/** Runs the body of a `with` whose managers were evaluated. */
export function underManagers<T>(m: Machine, managers: readonly { value: Value; expr: Expr }[], body: () => T): T {
  const { casting } = m;
  for (const { value, expr } of managers) m.casting = castingUnder(m, value, expr);
  const result = body();
  m.casting = casting;
  return result;
}

function castingUnder(m: Machine, manager: Value, expr: Expr): boolean {
  const value = follow(manager);
  if (isBuiltin(value, ON)) return true;
  if (isBuiltin(value, OFF)) return false;
  if (value.kind === "union") return value.options.some((option) => castingUnder(m, option, expr));
  return m.casting || (mayBeAnything(value) && !comesFromLibrary(m, expr));
}

function isBuiltin(value: Value, which: Value): boolean {
  return value.kind === "builtin" && which.kind === "builtin" && value.name === which.name;
}

/** `with self.ctx:` and `with accelerator.autocast():` may be anything. */
function mayBeAnything(value: Value): boolean {
  return value.kind === "unknown" || value.kind === "variable" || value.kind === "lazy" || value.kind === "maybe";
}

/** `open(path)` and `warnings.catch_warnings()` are unknown values too, but certainly not this one. */
function comesFromLibrary(m: Machine, expr: Expr): boolean {
  if (expr.kind !== "call") return false;
  let root = expr.callee;
  while (root.kind === "attribute") root = root.object;
  if (root.kind !== "name") return false;
  const value = follow(lookupName(m, root.id));
  return value.kind === "builtin" || value.kind === "library";
}

/** The same value with the types of its tensors open where torch may have chosen another. */
export function chosenByTorch(value: Value): Value {
  if (value.kind === "tensor") {
    const floats = value.dtype === null || /float|complex/.test(value.dtype);
    return value.library === "torch" && floats ? { ...value, dtype: null } : value;
  }
  if (value.kind === "tuple") return { ...value, items: value.items.map(chosenByTorch) };
  if (value.kind !== "record") return value;
  return { ...value, fields: new Map([...value.fields].map(([name, field]) => [name, chosenByTorch(field)] as const)) };
}

/** Operations that give the type they are asked for. */
const EXPLICIT = /^torch\.Tensor\.(to|type|type_as|float|double|half|bfloat16|detach|clone|contiguous|view|reshape)$/;

/** True for an operation whose type torch chooses here: not for one that makes tensors or converts them. */
export function isChosen(m: Machine, name: string, operands: readonly Value[]): boolean {
  return m.casting && !operands.every(({ kind }) => NO_TENSORS.has(kind)) && !EXPLICIT.test(name);
}

const NO_TENSORS: ReadonlySet<Value["kind"]> = new Set(["int", "float", "bool", "string", "dtype", "none"]);

/**
 * Decorators: those that leave a call's shapes alone, those that change how a method is bound, and
 * the user's own, which are called as the functions they are.
 */
import type { Expr } from "../program/syntax.ts";
import { AUTOCAST } from "./autocast.ts";
import { callValue, plainArguments } from "./calls.ts";
import { evaluate } from "./expressions.ts";
import { handOut } from "./havoc.ts";
import type { Machine } from "./machine.ts";
import { TRANSFORMS } from "./transforms.ts";
import { type FunctionValue, UNKNOWN, type Value } from "./value.ts";

const TRANSPARENT: ReadonlySet<string> = new Set([
  "torch.no_grad",
  "torch.inference_mode",
  "torch.enable_grad",
  "torch.jit.script",
  "torch.jit.export",
  "torch.jit.ignore",
  "torch.jit.unused",
  "torch.compile",
  "torch._dynamo.disable",
  "torch.compiler.disable",
  "functools.wraps",
  "functools.lru_cache",
  "functools.cache",
  "functools.total_ordering",
  "abc.abstractmethod",
  "typing.final",
  "typing.override",
  "typing_extensions.override",
  "typing.no_type_check",
  "typing.runtime_checkable",
  "dataclasses.dataclass",
  "contextlib.contextmanager",
  "jaxtyping.jaxtyped",
  "beartype.beartype",
  "typeguard.typechecked",
  "numba.njit",
  "numba.jit",
  "flax.struct.dataclass",
]);

const CACHED: ReadonlySet<string> = new Set(["functools.lru_cache", "functools.cache"]);

const BINDINGS: Readonly<Record<string, FunctionValue["binding"]>> = {
  staticmethod: "static",
  classmethod: "class",
  property: "property",
  "functools.cached_property": "property",
  "abc.abstractproperty": "property",
};

export function decorate(m: Machine, decorators: readonly Expr[], value: Value): Value {
  return [...decorators].toReversed().reduce((inner, decorator) => applyDecorator(m, decorator, inner), value);
}

/** What is called with the function that it decorates. */
const CALLED: ReadonlySet<Value["kind"]> = new Set<Value["kind"]>([
  "function",
  "method",
  "class",
  "partial",
  "instance",
]);

function applyDecorator(m: Machine, decorator: Expr, inner: Value): Value {
  const value = evaluate(m, decorator.kind === "call" ? decorator.callee : decorator);
  if (value.kind === "builtin" || value.kind === "library") {
    const binding = BINDINGS[value.name];
    if (binding !== undefined && inner.kind === "function") return { ...inner, binding };
    if (AUTOCAST.has(value.name) && inner.kind === "function") {
      const manager = evaluate(m, decorator);
      return { ...inner, casts: !(manager.kind === "builtin" && manager.name === "no-autocast") };
    }
    if (CACHED.has(value.name) && inner.kind === "function") return { ...inner, cached: true };
    if (TRANSPARENT.has(value.name)) {
      if (decorator.kind === "call") for (const argument of decorator.args) evaluate(m, argument.value);
      return inner;
    }
  }
  // `@x.setter` leaves the property as it is to readers.
  if (decorator.kind === "attribute" && (decorator.name === "setter" || decorator.name === "deleter")) {
    const property = evaluate(m, decorator.object);
    if (property.kind === "function" && property.binding === "property") {
      return decorator.name === "setter" && inner.kind === "function" ? { ...property, setter: inner } : property;
    }
  }
  const called = decorator.kind === "call" ? evaluate(m, decorator) : value;
  const transforms =
    (called.kind === "library" && called.name in TRANSFORMS) ||
    (called.kind === "partial" && called.callee.kind === "library" && called.callee.name in TRANSFORMS);
  if (transforms || CALLED.has(called.kind)) return callValue(m, called, plainArguments(inner), decorator);
  if (inner.kind === "function") handOut(m, inner);
  return UNKNOWN;
}

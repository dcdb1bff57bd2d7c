/** Values in words: the kind that a fact tells, and a text as Python would print it where it has a print. */
import { printDim, printShape } from "../shapes/index.ts";
import type { FactKind } from "./result.ts";
import { contentOf, coreOf, type Value } from "./value.ts";
import { follow } from "./variable.ts";

/** A tensor that may be None is shown as the tensor. */
export function onlyTensor(value: Extract<Value, { kind: "union" }>): Value {
  const some = value.options.filter((option) => option.kind !== "none");
  const [only] = some;
  return some.length === 1 && only !== undefined ? follow(only) : value;
}

export function kindOf(value: Value): FactKind {
  switch (value.kind) {
    case "tensor":
    case "int":
    case "float":
    case "bool":
    case "string":
    case "none":
    case "dict":
    case "dtype":
    case "class":
    case "module":
      return value.kind;
    case "tuple":
    case "record":
    case "range":
      return "tuple";
    case "list":
      return value.flavour === "set" ? "set" : "list";
    case "lazy":
      return "list";
    case "library":
      return "module";
    case "function":
    case "method":
    case "tensor-method":
    case "builtin":
    case "partial":
      return "function";
    case "builtin-method":
      // An object of a library has methods and attributes that we do not tell apart.
      return value.self.kind === "instance" ? "unknown" : "function";
    case "instance":
      return coreOf(value)?.kind === "layer" && value.class === null ? "layer" : "object";
    case "super":
    case "slice":
      return "object";
    case "ellipsis":
    case "variable":
    case "prospect":
    case "union":
    case "maybe":
    case "complex":
    case "unknown":
      return "unknown";
    default:
      return value satisfies never;
  }
}

/** A value in a few words, as Python would print it where it has a print. */
export function describe(value: Value, depth = 0): string {
  const seen = follow(value);
  switch (seen.kind) {
    case "tensor":
      return printShape(seen.shape);
    case "int":
      return printDim(seen.value);
    case "float":
    case "bool":
      return seen.value === null
        ? seen.kind
        : seen.kind === "bool"
          ? seen.value
            ? "True"
            : "False"
          : String(seen.value);
    case "string":
      return seen.value === null
        ? "str"
        : JSON.stringify(seen.value.length > 40 ? `${seen.value.slice(0, 40)}…` : seen.value);
    case "complex":
      return "complex";
    case "none":
      return "None";
    case "tuple":
      return tupleText(seen.items, depth);
    case "record":
      return tupleText([...seen.fields.values()], depth);
    case "list": {
      const content = contentOf(seen);
      if (depth > 1 || !("items" in content) || content.items.length > 8) return "[…]";
      return `[${content.items.map((item) => describe(item, depth + 1)).join(", ")}]`;
    }
    case "range":
      return `range(${printDim(seen.start)}, ${printDim(seen.stop)})`;
    case "library":
      return seen.name;
    case "class":
      return seen.name;
    case "instance":
      return seen.class?.name ?? seen.library ?? "object";
    case "function":
      return seen.definition.kind === "function" ? seen.definition.name : "lambda";
    case "method":
      return seen.function.definition.kind === "function" ? seen.function.definition.name : "lambda";
    case "union":
      return seen.options.map((option) => describe(option, depth + 1)).join(" | ");
    case "dtype":
      return seen.dtype;
    default:
      return "?";
  }
}

function tupleText(items: readonly Value[], depth: number): string {
  if (depth > 2) return "(…)";
  const parts = items.map((item) => describe(item, depth + 1));
  return parts.length === 1 ? `(${parts[0]},)` : `(${parts.join(", ")})`;
}

/**
 * Arguments of the command line (`argparse`). Whoever starts the program may give other values than the
 * defaults, so that an integer is a size named after the argument; only a list of arguments written in the
 * program leaves the defaults as they are.
 */
import { setAttribute } from "./attributes.ts";
import type { CallArguments } from "./calls.ts";
import { iterate } from "./iteration.ts";
import { joinValues } from "./join.ts";
import type { Machine } from "./machine.ts";
import { newMap } from "./trail.ts";
import { integerNamed } from "./types.ts";
import { type InstanceValue, NONE, SOME_BOOL, SOME_FLOAT, SOME_STRING, tupleOf, UNKNOWN, type Value } from "./value.ts";
import { freshVariable } from "./variable.ts";

const PARSER = "argparse.ArgumentParser";

export function makeParser(m: Machine, args: CallArguments): Value {
  const own = args.named.has("parents") || args.named.has("argument_default") || args.open;
  return own ? UNKNOWN : objectOf(m, PARSER);
}

function objectOf(m: Machine, library: string): InstanceValue {
  return {
    kind: "instance",
    id: m.nextInstance(),
    class: null,
    library,
    attributes: newMap(new Map()),
    core: newMap(new Map()),
    state: newMap(new Map()),
  };
}

/** A method of a parser; null for one that we do not know. */
export function parserMethod(m: Machine, parser: InstanceValue, name: string, args: CallArguments): Value | null {
  if (parser.library !== PARSER) return null;
  switch (name) {
    case "add_argument":
      addArgument(m, parser, args);
      return NONE;
    case "add_argument_group":
    case "add_mutually_exclusive_group":
      return parser;
    case "set_defaults":
      for (const [key, value] of args.named) m.trail.set(parser.attributes, key, tupleOf([value, value]));
      return NONE;
    case "parse_args":
    case "parse_known_args": {
      const parsed = parse(m, parser, args);
      return name === "parse_args" ? parsed : tupleOf([parsed, UNKNOWN]);
    }
    case "print_help":
    case "error":
      return NONE;
    default:
      return null;
  }
}

/** Each argument is kept as its default and what the command line may make of it. */
function addArgument(m: Machine, parser: InstanceValue, args: CallArguments): void {
  const names = args.positional.flatMap((value) =>
    value.kind === "string" && value.value !== null ? [value.value] : [],
  );
  const name = args.named.get("dest") ?? UNKNOWN;
  const long = names.find((one) => one.startsWith("--")) ?? names[0];
  const dest =
    name.kind === "string" ? name.value : long === undefined ? null : long.replace(/^-+/, "").replaceAll("-", "_");
  if (dest === null || args.open || names.length < args.positional.length) m.trail.set(parser.state, "open", true);
  else m.trail.set(parser.attributes, dest, tupleOf([args.named.get("default") ?? NONE, given(m, dest, args)]));
}

/** What an argument may be if the command line decides. */
function given(m: Machine, dest: string, args: CallArguments): Value {
  const action = args.named.get("action");
  const type = args.named.get("type");
  const fallback = args.named.get("default") ?? NONE;
  if (action?.kind === "string" && /^store_(?:true|false)$/.test(action.value ?? "")) return SOME_BOOL;
  if (action !== undefined || args.named.has("nargs")) return UNKNOWN;
  const named = type?.kind === "builtin" ? type.name : type === undefined ? "str" : "";
  // Without a type what is given is a string, though the default may be a number.
  if (type === undefined && fallback.kind !== "string" && fallback.kind !== "none") return freshVariable(m, dest, null);
  const optional =
    fallback.kind === "none" &&
    args.positional.some((one) => one.kind === "string" && one.value?.startsWith("-") === true);
  const required = args.named.get("required");
  const value =
    named === "int"
      ? integerNamed(m, dest, null)
      : named === "float"
        ? SOME_FLOAT
        : named === "str"
          ? SOME_STRING
          : UNKNOWN;
  const sure = !optional || (required?.kind === "bool" && required.value === true);
  if (named === "int" && fallback.kind !== "int" && fallback.kind !== "none") return joinValues(fallback, value);
  return sure ? value : joinValues(NONE, value);
}

function parse(m: Machine, parser: InstanceValue, args: CallArguments): Value {
  const written = args.positional[0] ?? args.named.get("args");
  const list = written === undefined || written.kind === "none" ? null : iterate(m, written);
  const byDefault = list !== null && list.exact && list.elements.length === 0;
  const namespace = objectOf(m, "argparse.Namespace");
  if (parser.state.has("open")) namespace.state.set("open", true);
  for (const [name, kept] of parser.attributes) {
    const [fallback = UNKNOWN, value = UNKNOWN] = kept.kind === "tuple" ? kept.items : [];
    setAttribute(m, namespace, name, byDefault ? fallback : list === null ? value : joinValues(fallback, value));
  }
  return namespace;
}

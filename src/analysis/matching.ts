/**
 * Patterns of `match`: whether a value fits one, and what the names in it are bound to if it does.
 */
import type { Pattern } from "../program/syntax.ts";
import { type Answer, unknownDim } from "../shapes/index.ts";
import { equalValues } from "./equality.ts";
import { assignTarget } from "./assign.ts";
import { classLookup, getAttribute } from "./attributes.ts";
import { isInstance } from "./conditions.ts";
import { keyOf } from "./containers.ts";
import { evaluate } from "./expressions.ts";
import { fieldNames } from "./fields.ts";
import type { Machine } from "./machine.ts";
import { contentOf, type DictValue, listOf, manyOf, tupleOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

export interface Match {
  readonly answer: Answer;
  /** Binds the names of the pattern as they are bound where it fits. */
  readonly bind: () => void;
}

export function matchPattern(m: Machine, pattern: Pattern, value: Value): Match {
  const subject = follow(value);
  switch (pattern.kind) {
    case "capture":
    case "star":
      return { answer: "yes", bind: () => void (pattern.name !== null && assignTarget(m, pattern.name, subject)) };
    case "as": {
      const inner = matchPattern(m, pattern.pattern, subject);
      return all([inner, { answer: "yes", bind: () => assignTarget(m, pattern.name, subject) }]);
    }
    case "value":
      return { answer: equalValues(m, subject, evaluate(m, pattern.value)), bind: nothing };
    case "or":
      return either(m, pattern.alternatives, subject);
    case "sequence":
      return matchSequence(m, pattern.items, subject);
    case "mapping":
      return matchMapping(m, pattern, subject);
    case "class":
      return matchClass(m, pattern, subject);
    default:
      return pattern satisfies never;
  }
}

const nothing = (): void => undefined;

/** A pattern whose parts all have to fit. */
function all(parts: readonly Match[], least: Answer = "yes"): Match {
  const answers = [least, ...parts.map(({ answer }) => answer)];
  const answer = answers.includes("no") ? "no" : answers.includes("maybe") ? "maybe" : "yes";
  return { answer, bind: () => parts.forEach((part) => part.bind()) };
}

/** The first alternative that fits binds its names; which one that is may not be known. */
function either(m: Machine, alternatives: readonly Pattern[], subject: Value): Match {
  const matches = alternatives.map((alternative) => matchPattern(m, alternative, subject));
  const possible = matches.filter(({ answer }) => answer !== "no");
  const [first] = possible;
  if (first === undefined) return { answer: "no", bind: nothing };
  if (first.answer === "yes" || possible.length === 1) return first;
  const open = alternatives.map((alternative) => matchPattern(m, alternative, UNKNOWN));
  const answer = possible.some((match) => match.answer === "yes") ? "yes" : "maybe";
  return { answer, bind: () => open.forEach((match) => match.bind()) };
}

function matchSequence(m: Machine, patterns: readonly Pattern[], subject: Value): Match {
  const items = itemsOf(subject);
  const star = patterns.findIndex(({ kind }) => kind === "star");
  if (items === null) {
    const parts = patterns.map((part) =>
      matchPattern(m, part, part.kind === "star" ? manyOf(UNKNOWN, unknownDim()) : UNKNOWN),
    );
    return all(parts, NO_SEQUENCE.has(subject.kind) || isPlainObject(subject) ? "no" : "maybe");
  }
  const rest = items.length - patterns.length + 1;
  if (star < 0 ? rest !== 1 : rest < 0) return { answer: "no", bind: nothing };
  return all(
    patterns.map((part, i) => {
      if (i === star) return matchPattern(m, part, listOf(items.slice(i, i + rest)));
      return matchPattern(m, part, items[star < 0 || i < star ? i : i + rest - 1] ?? UNKNOWN);
    }),
  );
}

/** Arrays and strings are no sequences to a pattern. */
const NO_SEQUENCE: ReadonlySet<string> = new Set("none int float bool string dict tensor".split(" "));
const NO_MAPPING: ReadonlySet<string> = new Set("none int float bool string tensor tuple list record".split(" "));

function isPlainObject(subject: Value): boolean {
  return subject.kind === "instance" && subject.class !== null && !subject.class.open;
}

function itemsOf(subject: Value): readonly Value[] | null {
  if (subject.kind === "tuple") return subject.items;
  if (subject.kind === "record") return [...subject.fields.values()];
  const content = subject.kind === "list" && subject.flavour === "list" ? contentOf(subject) : null;
  return content !== null && "items" in content ? content.items : null;
}

function matchMapping(m: Machine, pattern: Extract<Pattern, { kind: "mapping" }>, subject: Value): Match {
  const isMapping: Answer =
    subject.kind === "dict" ? "yes" : NO_MAPPING.has(subject.kind) || isPlainObject(subject) ? "no" : "maybe";
  const parts = pattern.entries.map((entry): Match => {
    const key = keyOf(evaluate(m, entry.key));
    const found = subject.kind === "dict" && key !== null ? subject.entries.get(key) : undefined;
    const open = subject.kind !== "dict" || key === null || subject.entries.has("*");
    if (found === undefined && !open) return { answer: "no", bind: nothing };
    const inner = matchPattern(m, entry.value, found ?? UNKNOWN);
    return found === undefined || found.kind === "maybe" ? all([inner], "maybe") : inner;
  });
  const { rest } = pattern;
  const others: DictValue = { kind: "dict", entries: new Map([["*", UNKNOWN]]) };
  if (rest !== null) parts.push({ answer: "yes", bind: () => assignTarget(m, rest, others) });
  return all(parts, isMapping);
}

function matchClass(m: Machine, pattern: Extract<Pattern, { kind: "class" }>, subject: Value): Match {
  const type = follow(evaluate(m, pattern.type));
  const answer = isInstance(subject, type);
  // `int(n)` and the like take the whole value; a class says itself which attributes its places are.
  const whole = type.kind === "builtin" && pattern.positional.length === 1;
  const names = type.kind === "class" ? placesOf(type) : [];
  const attribute = (name: string | undefined): Value =>
    answer === "no" || name === undefined ? UNKNOWN : getAttribute(m, subject, name, null);
  const parts = [
    ...pattern.positional.map((part, i) => matchPattern(m, part, whole ? subject : attribute(names[i]))),
    ...pattern.named.map((part) => matchPattern(m, part.value, attribute(part.name))),
  ];
  return all(parts, answer);
}

function placesOf(type: Extract<Value, { kind: "class" }>): readonly (string | undefined)[] {
  const stated = classLookup(type, "__match_args__", (value) => value);
  const listed = stated ?? (type.form === "dataclass" || type.form === "namedtuple" ? fieldNames(type) : tupleOf([]));
  return listed.kind === "tuple"
    ? listed.items.map((item) => (item.kind === "string" ? (item.value ?? undefined) : undefined))
    : [];
}

/**
 * Conditions: whether a value is true, what a test that held or failed teaches, and running several
 * branches from one state. It is where three-valued answers meet control flow.
 */
import type { Expr } from "../program/syntax.ts";
import type { Library } from "../ops/index.ts";
import { type Answer, asNumber, type Dim, subtract } from "../shapes/index.ts";
import { assignTarget } from "./assign.ts";
import { evaluateQuietly } from "./quiet.ts";
import { assumeRanks } from "./ranks.ts";
import { joinPaths, type Path } from "./join.ts";
import { isModuleClass } from "./nn.ts";
import type { Machine } from "./machine.ts";
import { resolveRecords } from "./records.ts";
import { contentOf, coreOf, type ListValue, type Value } from "./value.ts";
import { follow, prospectOf } from "./variable.ts";

export function truthOf(m: Machine, value: Value): Answer {
  const seen = follow(value);
  switch (seen.kind) {
    case "none":
      return "no";
    case "bool":
      return seen.value === null ? "maybe" : seen.value ? "yes" : "no";
    case "string":
      return seen.value === null ? "maybe" : seen.value === "" ? "no" : "yes";
    case "float":
      return seen.value === null ? "maybe" : seen.value === 0 ? "no" : "yes";
    case "int":
      return truthOfDim(m, seen.value);
    case "tuple":
      return seen.items.length > 0 ? "yes" : "no";
    case "list": {
      const content = contentOf(seen);
      if (!("items" in content)) return seen.flavour === "generator" ? "yes" : truthOfDim(m, content.length);
      return seen.flavour === "generator" || content.items.length > 0 ? "yes" : "no";
    }
    case "function":
    case "method":
    case "class":
    case "module":
    case "builtin":
    case "dtype":
      return "yes";
    case "instance":
      return seen.class === null && seen.library !== null && coreOf(seen) === undefined
        ? "maybe"
        : seen.class?.open === true
          ? "maybe"
          : plainTruth(seen);
    case "union": {
      const [first, ...rest] = seen.options.map((option) => truthOf(m, option));
      return first !== undefined && rest.every((answer) => answer === first) ? first : "maybe";
    }
    default:
      return "maybe";
  }
}

/** An object without a length of its own is true. */
function plainTruth(value: Extract<Value, { kind: "instance" }>): Answer {
  if (coreOf(value)?.kind === "layer") return "yes";
  if (value.class === null) return "maybe";
  const defines = (name: string): boolean =>
    value.class?.attributes.has(name) === true ||
    (value.class?.bases ?? []).some((b) => typeof b !== "string" && b.attributes.has(name));
  return defines("__len__") || defines("__bool__") ? "maybe" : "yes";
}

function truthOfDim(m: Machine, dim: Dim): Answer {
  const number = asNumber(m.solver.dim(dim));
  if (number !== null) return number === 0 ? "no" : "yes";
  return m.solver.atLeast(dim, 1) === "yes" ? "yes" : "maybe";
}

/**
 * Runs each branch from the present state, takes it back, and joins the states of those that came to
 * their end (a branch that returns null did not).
 */
export function fork<T>(m: Machine, branches: readonly (() => T | null)[]): T[] {
  const facts = m.solver.facts;
  const results: T[] = [];
  const paths: Path[] = [];
  let thrown = 0;
  const { crashed } = m;
  let alive = 0;
  for (const branch of branches) {
    const mark = m.trail.mark();
    const first = m.records.length;
    m.forks++;
    const result = branch();
    m.forks--;
    if (m.thrown) thrown++;
    const failed = m.thrown;
    m.thrown = false;
    if (result !== null && !failed && !m.crashed) alive++;
    m.crashed = crashed;
    if (m.solver.facts !== facts || m.trail.mark() !== mark) resolveRecords(m, first);
    const path = { delta: m.trail.undo(mark), facts: m.solver.facts };
    m.solver.facts = facts;
    if (result === null || failed) continue;
    results.push(result);
    paths.push(path);
  }
  m.thrown = thrown > 0 && paths.length === 0;
  m.crashed = crashed || (paths.length > 0 && alive === 0);
  joinPaths(m, paths);
  return results;
}

/** Takes a test to hold (or to fail). False if that cannot be, so that the branch is dead. */
export function assume(m: Machine, test: Expr, holds: boolean): boolean {
  switch (test.kind) {
    case "unary":
      return test.operator === "not" ? assume(m, test.operand, !holds) : true;
    case "logical":
      if ((test.operator === "and") === holds) return assume(m, test.left, holds) && assume(m, test.right, holds);
      return true;
    case "compare":
      return test.rest.length === 1 ? assumeComparison(m, test, holds) : true;
    case "call":
      return assumeCall(m, test, holds);
    case "name":
    case "attribute":
      return narrow(m, test, (option) => truthOf(m, option) !== (holds ? "no" : "yes"));
    default:
      return true;
  }
}

function assumeComparison(m: Machine, test: Extract<Expr, { kind: "compare" }>, holds: boolean): boolean {
  const [link] = test.rest;
  if (link === undefined) return true;
  const { comparator, operand } = link;
  if (comparator === "is" || comparator === "is not" || comparator === "==" || comparator === "!=") {
    const positive = (comparator === "is" || comparator === "==") === holds;
    if (operand.kind === "literal" && operand.value.type === "none") {
      return narrow(
        m,
        test.first,
        (option) => (option.kind === "none") === positive || (!positive ? false : option.kind === "unknown"),
      );
    }
    if (positive && comparator !== "is" && comparator !== "is not") return assumeEqualValues(m, test.first, operand);
    if (!positive) return true;
    return true;
  }
  return assumeOrder(m, test.first, comparator, operand, holds);
}

function assumeEqualValues(m: Machine, left: Expr, right: Expr): boolean {
  if (!assumeRanks(m, left, right)) return false;
  const a = evaluateQuietly(m, left);
  const b = evaluateQuietly(m, right);
  const text = { text: "a test that holds here", place: m.place(left.span) };
  const [x, y] = [prospectOf(a), prospectOf(b)];
  if (x !== null && y !== null) return assumeEqualDims(m, left, x.dim, y.dim, text);
  const [some, others] = [itemsOf(a), itemsOf(b)];
  if (some === null || others === null) return true;
  if (some.length !== others.length) return false;
  return some.every((item, i) => {
    const [one, other] = [prospectOf(item), prospectOf(others[i] ?? item)];
    return one === null || other === null || m.solver.assumeEqual(one.dim, other.dim, text).answer !== "no";
  });
}

function itemsOf(value: Value): readonly Value[] | null {
  if (value.kind === "tuple") return value.items;
  const content = value.kind === "list" ? contentOf(value) : null;
  return content !== null && "items" in content ? content.items : null;
}

function assumeEqualDims(
  m: Machine,
  left: Expr,
  a: Dim,
  b: Dim,
  cause: { text: string; place: ReturnType<Machine["place"]> },
): boolean {
  const isRemainder = left.kind === "binary" && left.operator === "%" && asNumber(b) === 0;
  if (isRemainder) {
    const whole = prospectOf(evaluateQuietly(m, left.left));
    const part = prospectOf(evaluateQuietly(m, left.right));
    if (whole !== null && part !== null) return m.solver.assumeDivisible(whole.dim, part.dim, cause).answer !== "no";
  }
  return m.solver.assumeEqual(a, b, cause).answer !== "no";
}

function assumeOrder(m: Machine, left: Expr, comparator: string, right: Expr, holds: boolean): boolean {
  const a = evaluateQuietly(m, left);
  const b = evaluateQuietly(m, right);
  // What a variable is compared with says something of the integer that it may turn out to be.
  const [x, y] = [prospectOf(a), prospectOf(b)];
  if (x === null || y === null) return true;
  const greater = comparator === ">" || comparator === ">=";
  const strict = comparator === ">" || comparator === "<";
  if (!greater && comparator !== "<" && comparator !== "<=") return true;
  // a > b, or not (a < b), and so on: reduce to `upper ≥ lower + step`.
  const flipped = greater === holds;
  const upper = flipped ? x.dim : y.dim;
  const lower = flipped ? y.dim : x.dim;
  m.solver.assumeAtLeast(subtract(upper, lower), strict === holds ? 1 : 0);
  return true;
}

function assumeCall(m: Machine, test: Extract<Expr, { kind: "call" }>, holds: boolean): boolean {
  if (test.callee.kind !== "name" || test.callee.id !== "isinstance") return true;
  const [subject, type] = test.args;
  if (subject === undefined || type === undefined) return true;
  const wanted = evaluateQuietly(m, type.value);
  return narrow(m, subject.value, (option) => {
    const answer = isInstance(option, wanted);
    return answer === "maybe" || (answer === "yes") === holds;
  });
}

/** Keeps those options of a variable that fit. False if none is left. */
function narrow(m: Machine, subject: Expr, keep: (option: Value) => boolean): boolean {
  if (subject.kind === "assignment") return narrow(m, subject.target, keep);
  if (subject.kind !== "name" && subject.kind !== "attribute") return true;
  const value = evaluateQuietly(m, subject);
  if (value.kind !== "union") return true;
  const options = value.options.filter((option) => keep(follow(option)));
  const [only] = options;
  if (only === undefined) return false;
  if (options.length < value.options.length) {
    assignTarget(m, subject, options.length === 1 ? only : { kind: "union", options }, { record: false });
  }
  return true;
}

const INSTANCE_KINDS: Readonly<Record<string, readonly Value["kind"][]>> = {
  int: ["int", "bool"],
  float: ["float"],
  str: ["string"],
  bool: ["bool"],
  tuple: ["tuple", "record"],
  list: ["list"],
  dict: ["dict"],
  NoneType: ["none"],
  "torch.Tensor": ["tensor"],
  "numpy.ndarray": ["tensor"],
  "jax.Array": ["tensor"],
};

const ARRAY_TYPES: Readonly<Record<string, Library>> = {
  "torch.Tensor": "torch",
  "numpy.ndarray": "numpy",
  "jax.Array": "jax",
};

export function isInstance(value: Value, type: Value): Answer {
  const seen = follow(value);
  if (seen.kind === "unknown" || seen.kind === "variable" || seen.kind === "prospect") return "maybe";
  if (type.kind === "tuple") {
    const answers = type.items.map((item) => isInstance(seen, item));
    return answers.includes("yes") ? "yes" : answers.every((answer) => answer === "no") ? "no" : "maybe";
  }
  if (type.kind === "class") return isInstanceOfClass(seen, type);
  if (type.kind !== "builtin" && type.kind !== "library") return "maybe";
  if (seen.kind === "tensor" && type.kind === "library") {
    const library = ARRAY_TYPES[type.name];
    if (library === undefined) return "maybe";
    return seen.library === null ? "maybe" : seen.library === library ? "yes" : "no";
  }
  const kinds = INSTANCE_KINDS[type.name];
  if (seen.kind === "list" && type.kind === "builtin") return LISTS[seen.flavour].includes(type.name) ? "yes" : "no";
  if (kinds !== undefined && (SIMPLE.has(seen.kind) || seen.kind === "list"))
    return kinds.includes(seen.kind) ? "yes" : "no";
  if (type.name === "object") return "yes";
  if (type.kind === "library" && SIMPLE.has(seen.kind)) return simpleInstance(seen, type.name);
  if (seen.kind === "instance" && type.kind === "builtin") return seen.class?.open === true ? "maybe" : "no";
  if (type.kind === "builtin" && CODE.has(seen.kind)) return "no";
  if (seen.kind === "instance" && type.kind === "library") return isLibraryInstance(seen, type.name);
  return "maybe";
}

const LISTS: Readonly<Record<ListValue["flavour"], readonly string[]>> = {
  list: ["list", "object"],
  set: ["set", "frozenset", "object"],
  generator: ["object"],
};

const CODE: ReadonlySet<Value["kind"]> = new Set(["function", "method", "lazy", "partial"]);

/** What plain values are to the abstract classes of the standard library; they are no modules. */
function simpleInstance(value: Value, name: string): Answer {
  if (isModuleClass(name)) return "no";
  const [, word = ""] = /^(?:typing|collections\.abc|numbers)\.(\w+)$/.exec(name) ?? [];
  const kinds = ABSTRACT[word];
  return kinds === undefined ? "maybe" : kinds.includes(value.kind) ? "yes" : "no";
}

const SEQUENCES: readonly Value["kind"][] = ["tuple", "record", "string", "list"];
const ABSTRACT: Readonly<Record<string, readonly Value["kind"][]>> = {
  Iterable: [...SEQUENCES, "dict", "tensor"],
  Sequence: SEQUENCES,
  Mapping: ["dict"],
  MutableMapping: ["dict"],
  Callable: [],
  Number: ["int", "float", "bool"],
  Integral: ["int", "bool"],
};

const SIMPLE: ReadonlySet<Value["kind"]> = new Set([
  "int",
  "float",
  "string",
  "bool",
  "tuple",
  "none",
  "dict",
  "tensor",
  "record",
]);

function isInstanceOfClass(value: Value, type: Extract<Value, { kind: "class" }>): Answer {
  if (value.kind === "record" && value.type !== undefined)
    return [value.type, ...value.type.bases].some(
      (one) => typeof one !== "string" && one.definition === type.definition,
    )
      ? "yes"
      : "no";
  if (value.kind !== "instance") return SIMPLE.has(value.kind) ? "no" : "maybe";
  if (value.class === null) return "no";
  if (value.class.definition === type.definition) return "yes";
  if (value.class.bases.some((base) => typeof base !== "string" && base.definition === type.definition)) return "yes";
  return value.class.open ? "maybe" : "no";
}

function isLibraryInstance(value: Extract<Value, { kind: "instance" }>, name: string): Answer {
  if (value.library === name || value.class?.bases.includes(name) === true) return "yes";
  const core = coreOf(value);
  if (core?.kind === "layer") return core.layer.names.includes(name) || name === "torch.nn.Module" ? "yes" : "no";
  return "maybe";
}

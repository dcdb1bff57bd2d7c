/**
 * The operator that a declaration makes: its rule is the notation's, as it is for the catalogue's own, and nothing is
 * known of types that are not declared. It knows declarations and shapes, and neither files nor programs.
 */
import {
  add,
  constant,
  floorDivide,
  freshLead,
  multiply,
  rank,
  subtract,
  unknownDim,
  type Dim,
  type Shape,
  type Verdict,
} from "../shapes/index.ts";
import { isNumber, libraryOf } from "./arguments.ts";
import { none, tensor, tuple, unknown } from "./datum.ts";
import {
  readDeclaration,
  type Core,
  type Declaration,
  type DeclaredResult,
  type Mistake,
  type Size,
} from "./declaration.ts";
import type { Call, Operator, OperatorParameter, Outcome, Problem } from "./operator.ts";
import { isProblem, problem, shown, shownDim } from "./problems.ts";
import type { Datum } from "./value.ts";
import { broadcastAll } from "./verbs/broadcast.ts";
import { agree } from "./verbs/gufunc.ts";

/**
 * The operator for a declared name, or what is wrong with the declaration. `parameters` are the function's own, where
 * its signature is known.
 */
export function declareOperator(
  name: string,
  text: string,
  parameters: readonly string[] | null,
): { readonly operator: Operator } | { readonly mistake: Mistake } {
  const read = readDeclaration(text);
  if ("message" in read) return { mistake: read };
  const stray =
    parameters === null ? undefined : read.operands.find((one) => one.name !== null && !parameters.includes(one.name));
  if (stray !== undefined && stray.name !== null) {
    const start = Math.max(0, text.indexOf(stray.name));
    const message = `\`${name}\` has no parameter \`${stray.name}\`.`;
    return { mistake: { message, start, end: start + stray.name.length } };
  }
  if (parameters !== null && read.operands.length > parameters.length) {
    const message = `The declaration has ${read.operands.length} operands, and \`${name}\` takes ${parameters.length}.`;
    return { mistake: { message, start: 0, end: text.length } };
  }
  return { operator: operatorOf(name, read, parameters) };
}

function operatorOf(name: string, declaration: Declaration, names: readonly string[] | null): Operator {
  const operands = namesOf(declaration, names);
  const parameter = (operand: string, i: number): OperatorParameter => ({
    name: operand,
    kind: (declaration.operands[i]?.dims ?? null) === null ? "any" : "tensor",
    // What is not given is the function's own affair.
    default: none,
    passing: "normal",
  });
  return {
    names: [name],
    declared: [name],
    summary: "Declared by the user.",
    parameters: [
      ...operands.map(parameter),
      { name: "*", kind: "any", default: undefined, passing: "rest" },
      { name: "**", kind: "any", default: undefined, passing: "keywords" },
    ],
    apply: (call) => apply(call, declaration, operands),
    notation: declaration.text,
    docs: {},
    playground: null,
    borrowed: false,
    reshapesInPlace: false,
  };
}

/** The names by which operands can be passed: the declaration's, else those of the signature. */
function namesOf({ operands }: Declaration, names: readonly string[] | null): readonly string[] {
  const named = operands.some(({ name }) => name !== null);
  return operands.map(({ name }, i) => name ?? (named ? undefined : names?.[i]) ?? `operand ${i + 1}`);
}

interface Operand {
  readonly parameter: string;
  readonly shape: Shape;
  readonly batch: Shape;
  /** The dimensions that the operand has, with the sizes they were declared with. */
  readonly core: readonly { readonly declared: Core; readonly dim: Dim }[];
}

function apply(call: Call, declaration: Declaration, parameters: readonly string[]): Outcome {
  const operands: Operand[] = [];
  let open = false;
  for (const [i, { dims }] of declaration.operands.entries()) {
    const datum = call.args.get(parameters[i] ?? "") ?? unknown;
    if (dims === null) continue;
    // A number has no dimensions, and what is None or not given adds none.
    if (datum.kind === "none" || isNumber(datum)) continue;
    const operand =
      datum.kind === "tensor" ? operandOf(call, declaration, parameters[i] ?? "", datum.shape, dims) : null;
    if (isProblem(operand)) return { problem: operand };
    if (operand === null) open = true;
    else operands.push(operand);
  }
  const sizes = sizesOf(call, declaration, operands);
  if (isProblem(sizes)) return { problem: sizes };
  const batch = broadcastAll(
    call,
    operands.map(({ parameter, batch: shape }) => ({ parameter, shape })),
    "declared-shape",
  );
  if (isProblem(batch)) return { problem: batch };
  const results = declaration.results.map((result) => resultOf(call, result, batch, sizes, open));
  const [only = unknown] = results;
  return { value: results.length === 1 ? only : tuple(results) };
}

/** Null where the dimensions cannot be told apart. */
function operandOf(
  call: Call,
  declaration: Declaration,
  parameter: string,
  given: Shape,
  dims: readonly Core[],
): Operand | Problem | null {
  const shape = call.solver.shape(given);
  const needed = dims.filter(({ optional }) => !optional).length;
  const count = rank(shape);
  if (count === null && shape.dims.length < dims.length && needed < dims.length) return null;
  const visible = count === null ? call.solver.requireAtLeast(shape, dims.length) : count < needed ? null : shape;
  if (visible === null) return tooFew(call, declaration, parameter, shape, needed);
  const present = visible.dims.length < dims.length ? dims.filter(({ optional }) => !optional) : dims;
  const at = visible.dims.length - present.length;
  const core = present.map((declared, i) => ({ declared, dim: visible.dims[at + i] ?? constant(1) }));
  return { parameter, shape: visible, batch: { lead: visible.lead, dims: visible.dims.slice(0, at) }, core };
}

/** The size of each letter, which is one throughout. */
function sizesOf(
  call: Call,
  declaration: Declaration,
  operands: readonly Operand[],
): ReadonlyMap<string, Dim> | Problem {
  const sizes = new Map<string, { readonly dim: Dim; readonly from: Operand }>();
  for (const operand of operands) {
    for (const { declared, dim } of operand.core) {
      if (declared.size.kind !== "letter") continue;
      const before = sizes.get(declared.size.name);
      if (before === undefined) {
        sizes.set(declared.size.name, { dim, from: operand });
        continue;
      }
      const verdict = agree(call, before.dim, dim);
      if (verdict.answer === "no") return disagree(call, declaration, declared.text, before.from, operand, verdict);
    }
  }
  const known = new Map([...sizes].map(([letter, { dim }]) => [letter, dim]));
  for (const { core } of operands) for (const { declared, dim } of core) solve(declared.size, dim, known);
  for (const operand of operands) {
    for (const { declared, dim } of operand.core) {
      const size = declared.size.kind === "letter" ? null : sizeOf(declared.size, known);
      const verdict = size === null ? null : agree(call, dim, size);
      if (verdict?.answer === "no") return notTheSize(call, declaration, declared.text, operand, verdict);
    }
  }
  return known;
}

/** Learns the one letter of a sum or product that is not known: `2*d` is the size, so `d` is half of it. */
function solve(size: Size, dim: Dim, known: Map<string, Dim>): void {
  if (size.kind === "letter" && !known.has(size.name)) known.set(size.name, dim);
  if (size.kind !== "arithmetic" || size.operator === "//") return;
  const [left, right] = [sizeOf(size.left, known), sizeOf(size.right, known)];
  const given = left ?? right;
  if (given === null || (left !== null && right !== null)) return;
  const other = left === null ? size.left : size.right;
  if (size.operator === "*") solve(other, floorDivide(dim, given), known);
  else if (size.operator === "+") solve(other, subtract(dim, given), known);
  else solve(other, left === null ? add(dim, given) : subtract(given, dim), known);
}

const OPERATIONS = { "+": add, "-": subtract, "*": multiply, "//": floorDivide } as const;

/** Null where it is not known. */
function sizeOf(size: Size, known: ReadonlyMap<string, Dim>): Dim | null {
  switch (size.kind) {
    case "number":
      return constant(size.value);
    case "letter":
      return known.get(size.name) ?? null;
    case "any":
      return null;
    case "arithmetic": {
      const [left, right] = [sizeOf(size.left, known), sizeOf(size.right, known)];
      return left === null || right === null ? null : OPERATIONS[size.operator](left, right);
    }
    default:
      return size satisfies never;
  }
}

function resultOf(
  call: Call,
  { dims, dtype }: DeclaredResult,
  batch: Shape,
  known: ReadonlyMap<string, Dim>,
  open: boolean,
): Datum {
  if (dims === null) return unknown;
  const kept = dims.filter(({ size, optional }) => !optional || (size.kind === "letter" && known.has(size.name)));
  const optionalIsOpen = open && kept.length < dims.length;
  const own = kept.map(({ size }) => sizeOf(size, known) ?? unknownDim(call.cause));
  const lead = open ? freshLead() : batch.lead;
  if (optionalIsOpen) return unknown;
  return tensor(call.solver.shape({ lead, dims: [...batch.dims, ...own] }), dtype, libraryOf(call));
}

type Clash = Extract<Verdict, { answer: "no" }>;

function told({ text }: Declaration, call: Call): string {
  return `\`${call.name}\` is declared as \`${text}\``;
}

function disagree(
  call: Call,
  declaration: Declaration,
  letter: string,
  a: Operand,
  b: Operand,
  verdict: Clash,
): Problem {
  const [first, second] = [shown(call, a.parameter, a.shape), shown(call, b.parameter, b.shape)];
  const sizes = `${shownDim(call, verdict.left)} and ${shownDim(call, verdict.right)}`;
  return problem("declared-shape", {
    verdict,
    parameters: a === b ? [a.parameter] : [a.parameter, b.parameter],
    message: (name) =>
      a === b
        ? `${told(declaration, call)}, where \`${letter}\` is one size; in ${first(name)} it is ${sizes}.`
        : `${told(declaration, call)}, where \`${letter}\` is one size; ${first(name)} and ${second(name)} have ${sizes}.`,
  });
}

function notTheSize(call: Call, declaration: Declaration, declared: string, operand: Operand, verdict: Clash): Problem {
  const first = shown(call, operand.parameter, operand.shape);
  const [actual, expected] = [shownDim(call, verdict.left), shownDim(call, verdict.right)];
  const wanted = expected === declared ? `\`${declared}\`` : `\`${declared}\`, which is ${expected}`;
  return problem("declared-shape", {
    verdict,
    blame: operand.parameter,
    parameters: [operand.parameter],
    message: (name) => `${told(declaration, call)}; ${first(name)} has ${actual} in place of ${wanted}.`,
  });
}

function tooFew(call: Call, declaration: Declaration, parameter: string, shape: Shape, needed: number): Problem {
  const first = shown(call, parameter, shape);
  return problem("declared-shape", {
    blame: parameter,
    parameters: [parameter],
    message: (name) =>
      `${told(declaration, call)}; ${first(name)} has ${shape.dims.length} of the ${needed} ${needed === 1 ? "dimension" : "dimensions"} that it needs.`,
  });
}

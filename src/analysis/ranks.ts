/**
 * What a test says of the number of an array's dimensions: `x.ndim == 3`, `x.dim() == 3`, `len(x.shape) == 3` and
 * `x.shape == (B, T, C)`. It knows how programs ask for it, and no operators.
 */
import type { Expr } from "../program/syntax.ts";
import { asNumber, type Shape } from "../shapes/index.ts";
import type { Machine } from "./machine.ts";
import { evaluateQuietly } from "./quiet.ts";
import type { Value } from "./value.ts";
import { follow } from "./variable.ts";

/** Takes both sides to be equal, as far as they tell how many dimensions there are. False if that cannot be. */
export function assumeRanks(m: Machine, left: Expr, right: Expr): boolean {
  return assumeOne(m, left, right) && assumeOne(m, right, left);
}

function assumeOne(m: Machine, asks: Expr, answer: Expr): boolean {
  const counted = countedArray(asks);
  const listed = counted === null ? listedArray(asks) : null;
  const array = counted ?? listed;
  if (array === null) return true;
  const shape = openShape(m, array);
  if (shape === null) return true;
  const value = follow(evaluateQuietly(m, answer));
  const count =
    counted === null ? lengthOf(m, value, answer) : value.kind === "int" ? asNumber(m.solver.dim(value.value)) : null;
  return count === null || count > LARGEST || m.solver.requireRank(shape, count) !== null;
}

/** More dimensions than any library has. */
const LARGEST = 64;

/** The array in `x.ndim`, `x.dim()` and `len(x.shape)`. */
function countedArray(expr: Expr): Expr | null {
  if (expr.kind === "attribute") return expr.name === "ndim" ? expr.object : null;
  if (expr.kind !== "call") return null;
  const { callee, args } = expr;
  if (callee.kind === "attribute")
    return args.length === 0 && /^(?:dim|ndimension)$/.test(callee.name) ? callee.object : null;
  const [only] = args;
  return callee.kind === "name" && callee.id === "len" && args.length === 1 && only !== undefined
    ? listedArray(only.value)
    : null;
}

/** The array in `x.shape`, `x.size()`, and a list or tuple of these. */
function listedArray(expr: Expr): Expr | null {
  if (expr.kind === "attribute") return expr.name === "shape" ? expr.object : null;
  if (expr.kind !== "call") return null;
  const { callee, args } = expr;
  if (callee.kind === "attribute") return args.length === 0 && callee.name === "size" ? callee.object : null;
  const [only] = args;
  const copies = callee.kind === "name" && /^(?:list|tuple)$/.test(callee.id);
  return copies && args.length === 1 && only !== undefined ? listedArray(only.value) : null;
}

/** The shape of an array whose number of dimensions is not known. */
function openShape(m: Machine, array: Expr): Shape | null {
  const value = follow(evaluateQuietly(m, array));
  const shape = value.kind === "tensor" ? m.solver.shape(value.shape) : null;
  return shape === null || shape.lead === null ? null : shape;
}

function lengthOf(m: Machine, value: Value, expr: Expr): number | null {
  if (value.kind === "tuple") return value.items.length;
  if (expr.kind === "sequence" && expr.items.every(({ kind }) => kind !== "spread")) return expr.items.length;
  const other = listedArray(expr);
  const array = other === null ? null : follow(evaluateQuietly(m, other));
  const shape = array?.kind === "tensor" ? m.solver.shape(array.shape) : null;
  return shape === null || shape.lead !== null ? null : shape.dims.length;
}

/**
 * Triangular and other factors of matrices in PyTorch: Cholesky, LU, LDL, Householder reflections, and the forms
 * that answer with an error code instead of raising. The matrices stand in the last two dimensions.
 */
import { constant, minimum, type Dim, type Shape } from "../shapes/index.ts";
import { boolArgument, tensorOf } from "./arguments.ts";
import { record, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import type { DType } from "./dtype.ts";
import { factors, matrices, sameStack, type Matrices, type Parts } from "./matrices.ts";
import { mixedTypes } from "./matmul.ts";
import { inTorch } from "./names.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, problem, shortName, shown, shownDim } from "./problems.ts";
import { agree, applyNotation, parseNotation } from "./verbs/gufunc.ts";

export const choleskyWithInfo = factors({
  names: ["torch.linalg.cholesky_ex"],
  summary: "Cholesky factor of square matrices, with an error code for each.",
  call: "A as input: tensor, *, upper: bool = False, check_errors: bool = False, out: any = None",
  square: true,
  into: ({ rows, part, typed }) => [
    ["L", part(rows, rows)],
    ["info", typed("int32")],
  ],
});

export const inverseWithInfo = factors({
  names: ["torch.linalg.inv_ex"],
  summary: "Inverse of square matrices, with an error code for each.",
  call: "A as input: tensor, *, check_errors: bool = False, out: any = None",
  square: true,
  into: ({ rows, part, typed }) => [
    ["inverse", part(rows, rows)],
    ["info", typed("int32")],
  ],
});

function packed({ rows, columns, smaller, part, typed }: Matrices): Parts {
  return [
    ["LU", part(rows, columns)],
    ["pivots", typed("int32", smaller)],
  ];
}

export const luFactor = factors({
  names: ["torch.linalg.lu_factor"],
  summary: "Both factors of LU in one matrix, with the pivots.",
  call: "A as input: tensor, *, pivot: bool = True, out: any = None",
  into: packed,
});

export const luFactorWithInfo = factors({
  names: ["torch.linalg.lu_factor_ex"],
  summary: "Both factors of LU in one matrix, with the pivots and an error code for each.",
  call: "A as input: tensor, *, pivot: bool = True, check_errors: bool = False, out: any = None",
  into: (all) => [...packed(all), ["info", all.typed("int32")]],
});

export const oldLu = op({
  names: inTorch("lu"),
  summary: "Both factors of LU in one matrix, with the pivots and, if asked for, an error code.",
  call: "A as input: tensor, pivot: bool = True, get_infos: bool = False, out: any = None",
  shape: (call) => {
    const all = matrices(call);
    if (isProblem(all)) return all;
    const parts = packed(all).map(([, part]) => part);
    const coded = boolArgument(call, "get_infos");
    return { value: coded === null ? unknown : tuple(coded ? [...parts, all.typed("int32")] : parts) };
  },
});

export const lu = factors({
  names: ["torch.linalg.lu"],
  summary: "A permutation, a lower and an upper triangular matrix whose product is the given one.",
  call: "A as input: tensor, *, pivot: bool = True, out: any = None",
  into: ({ rows, columns, smaller, part }, call) => [
    ["P", boolArgument(call, "pivot") === true ? part(rows, rows) : unknown],
    ["L", part(rows, smaller)],
    ["U", part(smaller, columns)],
  ],
});

/** What is not unpacked comes as an empty tensor. */
export const luUnpack = op({
  names: ["torch.lu_unpack"],
  summary: "The factors of LU out of the one matrix that holds them.",
  call: "LU_data as input: tensor, LU_pivots as pivots: tensor, unpack_data: bool = True, unpack_pivots: bool = True, *, out: any = None",
  shape: (call) => {
    const { shape, dtype } = tensorOf(call, "input");
    const wide = call.solver.requireAtLeast(shape, 2);
    const [rows, columns] = [wide?.dims.at(-2), wide?.dims.at(-1)];
    const pivots = tensorOf(call, "pivots").dtype;
    const unpacked = boolArgument(call, "unpack_pivots") === true;
    if (unpacked && pivots !== null && pivots !== "int32") return otherPivots(call, pivots);
    if (wide === null || rows === undefined || columns === undefined) return { value: unknown };
    const smaller = rows.key === columns.key ? rows : minimum(rows, columns);
    const part = (wanted: string, ...dims: readonly Dim[]) => {
      const asked = boolArgument(call, wanted);
      if (asked === null) return unknown;
      const whole: Shape = { lead: wide.lead, dims: [...wide.dims.slice(0, -2), ...dims] };
      return tensor(asked ? whole : { lead: null, dims: [constant(0)] }, dtype, "torch");
    };
    return {
      value: record("lu_unpack", [
        ["P", part("unpack_pivots", rows, rows)],
        ["L", part("unpack_data", rows, smaller)],
        ["U", part("unpack_data", smaller, columns)],
      ]),
    };
  },
});

function otherPivots(call: Call, dtype: DType): Problem {
  return problem("dtype", {
    parameters: ["pivots"],
    message: (name) => `\`${shortName(call)}\` takes int32 pivots; ${name("pivots")} is ${dtype}.`,
  });
}

function pivoted({ rows, part, typed }: Matrices): Parts {
  return [
    ["LD", part(rows, rows)],
    ["pivots", typed("int32", rows)],
  ];
}

export const ldlFactor = factors({
  names: ["torch.linalg.ldl_factor"],
  summary: "LDL factors of symmetric matrices in one matrix, with the pivots.",
  call: "A as input: tensor, *, hermitian: bool = False, out: any = None",
  square: true,
  into: pivoted,
});

export const ldlFactorWithInfo = factors({
  names: ["torch.linalg.ldl_factor_ex"],
  summary: "LDL factors of symmetric matrices in one matrix, with the pivots and an error code for each.",
  call: "A as input: tensor, *, hermitian: bool = False, check_errors: bool = False, out: any = None",
  square: true,
  into: (all) => [...pivoted(all), ["info", all.typed("int32")]],
});

export const geqrf = factors({
  names: inTorch("geqrf"),
  summary: "QR as LAPACK keeps it: the upper triangle and the reflections in one matrix, and their factors.",
  call: "input: tensor, *, out: any = None",
  into: ({ rows, columns, smaller, part }) => [
    ["a", part(rows, columns)],
    ["tau", part(smaller)],
  ],
});

const REFLECTIONS = parseNotation("(m,n),(k)->(m,n)");

export const householderProduct = op({
  names: [...inTorch("orgqr"), "torch.linalg.householder_product"],
  summary: "The first columns of a product of Householder reflections.",
  call: "A|input as input: tensor, tau|input2 as tau: tensor, *, out: any = None",
  shape: (call) => {
    const all = matrices(call);
    if (isProblem(all)) return all;
    const count = call.solver.requireAtLeast(tensorOf(call, "tau").shape, 1)?.dims.at(-1);
    const tooWide = call.solver.less(all.rows, all.columns) === "yes";
    if (tooWide || (count !== undefined && call.solver.less(all.columns, count) === "yes"))
      return reflections(call, tooWide ? all.rows : all.columns, tooWide ? all.columns : (count ?? all.columns));
    const wrong = mixedTypes(call, ["input", "tau"]) ?? sameStack(call, ["input", 2], ["tau", 1]);
    return wrong ?? applyNotation(call, REFLECTIONS, ["input", "tau"]);
  },
  notation: "(m,n),(k)->(m,n)",
});

function reflections(call: Call, most: Dim, count: Dim): Problem {
  const told = shown(call, "input", tensorOf(call, "input"));
  const [few, many] = [shownDim(call, most), shownDim(call, count)];
  return problem("matmul-inner", {
    parameters: ["input"],
    sizes: [most, count],
    message: (name) => `\`${shortName(call)}\` of ${told(name)} can give ${few} columns at most, not ${many}.`,
  });
}

/** The other matrix keeps its shape; the reflections must fit to its rows, or on the right side to its columns. */
export const multiplyByReflections = op({
  names: inTorch("ormqr"),
  summary: "A matrix multiplied by the product of Householder reflections.",
  call: "input: tensor, tau|input2 as tau: tensor, other|input3 as other: tensor, left: bool = True, transpose: bool = False, *, out: any = None",
  shape: (call): ShapeAnswer => {
    const all = matrices(call);
    const other = call.solver.requireAtLeast(tensorOf(call, "other").shape, 2);
    if (isProblem(all)) return all;
    const left = boolArgument(call, "left");
    const types = mixedTypes(call, ["input", "tau"]) ?? mixedTypes(call, ["input", "other"]);
    const apart = types ?? sameStack(call, ["input", 2], ["tau", 1]) ?? sameStack(call, ["input", 2], ["other", 2]);
    if (apart !== null) return apart;
    if (other === null) return matricesOf(call);
    if (left === null) return other;
    const size = other.dims.at(left ? -2 : -1);
    const tau = call.solver.requireAtLeast(tensorOf(call, "tau").shape, 1)?.dims.at(-1);
    if (size === undefined || tau === undefined) return other;
    const verdict = agree(call, size, all.rows);
    const most = size.key === all.columns.key ? size : minimum(size, all.columns);
    if (verdict.answer === "no") return reflections(call, all.rows, size);
    return call.solver.compare(tau, most) === "no" ? reflections(call, most, tau) : call.solver.shape(other);
  },
  notation: "(m,n),(k),(m,l)->(m,l)",
});

function matricesOf(call: Call): ShapeAnswer {
  const answer = matrices(call, false, "other");
  return isProblem(answer) ? answer : null;
}

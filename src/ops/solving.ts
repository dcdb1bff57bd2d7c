/**
 * Systems of linear equations: general, triangular, with factors that are at hand, by least squares, and of
 * tensors. The matrices stand in the last two dimensions; the stacks before them are broadcast.
 */
import {
  constant,
  minimum,
  rank,
  unknownDim,
  unknownShape,
  type Answer,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import { boolArgument, libraryOf, tensorOf, textArgument } from "./arguments.ts";
import { record, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import type { DType } from "./dtype.ts";
import { realPartOf } from "./dtype-rules.ts";
import { mixedTypes } from "./matmul.ts";
import { decomposed, noMatrices, otherMatrixType, sameStack, shapeIn } from "./matrices.ts";
import { inTorch } from "./names.ts";
import type { Call, Operator, Problem } from "./operator.ts";
import { isProblem, otherRank, problem, shortName, shown, shownDim } from "./problems.ts";
import type { Datum } from "./value.ts";
import { applyNotation, parseNotation } from "./verbs/gufunc.ts";

const VECTOR = parseNotation("(n,n),(n)->(n)");
const MATRIX = parseNotation("(n,n),(n,m)->(n,m)");
const FROM_RIGHT = parseNotation("(n,n),(m,n)->(m,n)");

/** PyTorch solves with matrices of one type, in 32 or 64 bits. */
function otherTypes(call: Call): Problem | null {
  return otherMatrixType(call) ?? otherMatrixType(call, "other") ?? mixedTypes(call, ["input", "other"]);
}

/** The dimensions of the unknowns, where the right side is read as one matrix each, or as one vector. */
function solved(call: Call, notation: typeof VECTOR): ShapeAnswer {
  const outcome = applyNotation(call, notation, ["input", "other"]);
  if (isProblem(outcome)) return outcome.code === "matmul-inner" ? rightSide(call, outcome) : outcome;
  return shapeIn(outcome) ?? outcome;
}

function rightSide(call: Call, clash: Problem): Problem {
  const [a, b] = [shown(call, "input", tensorOf(call, "input")), shown(call, "other", tensorOf(call, "other"))];
  return {
    ...clash,
    message: (name) => `\`${shortName(call)}\` needs as many equations as unknowns: ${a(name)} against ${b(name)}.`,
  };
}

/** A right side with one dimension less than the matrices, of the same sizes, is a stack of vectors in PyTorch. */
function isStackOfVectors(call: Call): Answer {
  const [a, b] = [tensorOf(call, "input").shape, tensorOf(call, "other").shape];
  if (rank(b) === 1) return "yes";
  if (rank(a) === null || rank(b) === null) return "maybe";
  if (b.dims.length + 1 !== a.dims.length) return "no";
  const answers = b.dims.map((dim, i) => call.solver.compare(dim, a.dims[i] ?? unknownDim()));
  return answers.includes("no") ? "no" : answers.includes("maybe") ? "maybe" : "yes";
}

function system(call: Call): ShapeAnswer {
  const [a, b] = [tensorOf(call, "input").shape, tensorOf(call, "other").shape];
  const wrong = otherTypes(call);
  if (wrong !== null) return wrong;
  if (rank(a) !== null && a.dims.length < 2) return noMatrices(call, "input");
  if (rank(b) === 0) return noMatrices(call, "other");
  const numpy = libraryOf(call) === "numpy";
  const left = numpy ? true : boolArgument(call, "left");
  // NumPy takes a right side for vectors only where it has one dimension; before version 2 it was another rule.
  const vectors = numpy ? (rank(b) === 1 ? "yes" : null) : isStackOfVectors(call);
  if (numpy && vectors === null)
    return rank(a) === null || rank(b) === null || b.dims.length < a.dims.length ? null : solved(call, MATRIX);
  if (vectors === "maybe" || left === null) return null;
  if (vectors === "yes") return left || rank(b) === null ? solved(call, VECTOR) : null;
  return solved(call, left ? MATRIX : FROM_RIGHT);
}

export const solve = op({
  names: ["torch.linalg.solve", "numpy.linalg.solve"],
  summary: "Solution of a system of linear equations, for one right side or several as columns.",
  call: {
    torch: "A as input: tensor, B as other: tensor, *, left: bool = True, out: any = None",
    numpy: "a as input: tensor, b as other: tensor",
  },
  shape: system,
  dtype: sharedFloat,
});

export const solveWithInfo = op({
  names: ["torch.linalg.solve_ex"],
  summary: "Solution of a system of linear equations, with an error code for each matrix.",
  call: "A as input: tensor, B as other: tensor, *, left: bool = True, check_errors: bool = False, out: any = None",
  shape: (call) => {
    const answer = system(call);
    if (isProblem(answer)) return answer;
    const shape = answer !== null && "dims" in answer ? answer : unknownShape();
    const matrices = call.solver.requireAtLeast(tensorOf(call, "input").shape, 2);
    const stack = matrices === null ? unknownShape() : { lead: matrices.lead, dims: matrices.dims.slice(0, -2) };
    return {
      value: record("solve_ex", [
        ["result", tensor(shape, decomposed(call), "torch")],
        ["info", tensor(stack, "int32", "torch")],
      ]),
    };
  },
});

function sharedFloat(call: Call): DType | null {
  const { dtype } = tensorOf(call, "input");
  if (libraryOf(call) === "torch") return dtype ?? tensorOf(call, "other").dtype;
  if (dtype !== tensorOf(call, "other").dtype) return null;
  return dtype === "float32" || dtype === "float64" ? dtype : null;
}

/** Systems whose right side is always a matrix; `left` says on which side of it the known matrix stands. */
function ofMatrices(names: readonly string[], summary: string, call: string): readonly Operator[] {
  return op({
    names,
    summary,
    call,
    shape: (made) => {
      const left = made.args.has("left") ? boolArgument(made, "left") : true;
      // `solve_triangular` converts the right side.
      const converts = made.name === "torch.linalg.solve_triangular";
      const wrong = (converts ? otherMatrixType(made) : otherTypes(made)) ?? otherPivots(made);
      if (wrong !== null) return wrong;
      return left === null ? null : solved(made, left ? MATRIX : FROM_RIGHT);
    },
    dtype: sharedFloat,
    notation: "(n,n),(n,m)->(n,m)",
  });
}

/** There is one pivot for each row of each factorised matrix. */
function otherPivots(call: Call): Problem | null {
  if (!call.args.has("pivots")) return null;
  const answer = applyNotation(call, VECTOR, ["input", "pivots"]);
  return isProblem(answer) ? answer : sameStack(call, ["input", 2], ["pivots", 1]);
}

export const solveTriangular = ofMatrices(
  ["torch.linalg.solve_triangular"],
  "Solution of triangular systems of linear equations.",
  "A as input: tensor, B as other: tensor, *, upper: bool, left: bool = True, unitriangular: bool = False, out: any = None",
);
export const choleskySolve = ofMatrices(
  inTorch("cholesky_solve"),
  "Solution of linear equations with a Cholesky factor.",
  "B|input as other: tensor, L|input2 as input: tensor, upper: bool = False, *, out: any = None",
);
export const luSolve = ofMatrices(
  ["torch.linalg.lu_solve"],
  "Solution of linear equations with LU factors.",
  "LU as input: tensor, pivots: tensor, B as other: tensor, *, left: bool = True, adjoint: bool = False, out: any = None",
);
export const oldLuSolve = ofMatrices(
  inTorch("lu_solve"),
  "Solution of linear equations with LU factors.",
  "b|self as other: tensor, LU_data as input: tensor, LU_pivots as pivots: tensor, *, out: any = None",
);
export const ldlSolve = ofMatrices(
  ["torch.linalg.ldl_solve"],
  "Solution of linear equations with LDL factors.",
  "LD as input: tensor, pivots: tensor, B as other: tensor, *, hermitian: bool = False, out: any = None",
);

export const triangularSolve = op({
  names: inTorch("triangular_solve"),
  summary: "Solution of triangular systems of linear equations, with a copy of the matrices.",
  call: "b|self as other: tensor, A as input: tensor, upper: bool = True, transpose: bool = False, unitriangular: bool = False, *, out: any = None",
  shape: (call) => {
    const answer = otherTypes(call) ?? solved(call, MATRIX);
    if (isProblem(answer)) return answer;
    const whole = answer !== null && "dims" in answer ? answer : null;
    const rows = whole?.dims.at(-2);
    const copy =
      whole === null || rows === undefined ? unknownShape() : { ...whole, dims: [...whole.dims.slice(0, -1), rows] };
    return {
      value: record("triangular_solve", [
        ["solution", tensor(whole ?? unknownShape(), decomposed(call), "torch")],
        ["cloned_coefficient", tensor(copy, decomposed(call), "torch")],
      ]),
    };
  },
});

export const leastSquares = op({
  names: ["torch.linalg.lstsq", "numpy.linalg.lstsq"],
  summary: "Least squares solution of linear equations, with residuals, rank and singular values.",
  call: {
    torch: "A|input as input: tensor, B|b as other: tensor, rcond: any = None, *, driver: any = None",
    numpy: "a as input: tensor, b as other: tensor, rcond: any = None",
  },
  shape: (call) => (libraryOf(call) === "torch" ? stackedSquares(call) : plainSquares(call)),
});

/** In NumPy there is one matrix, with one right side or several as columns. */
function plainSquares(call: Call): ShapeAnswer {
  const [a, b] = [tensorOf(call, "input"), tensorOf(call, "other")];
  const [rows, columns] = a.shape.dims;
  const sides = b.shape.dims;
  const plain = rank(a.shape) === 2 && (rank(b.shape) === 2 || rank(b.shape) === 1);
  if (!plain || rows === undefined || columns === undefined || sides[0] === undefined) return { value: unknown };
  const wrong = otherRows(call, rows, sides[0]);
  if (wrong !== null) return wrong;
  const library = libraryOf(call);
  const dtype = sharedFloat(call);
  const solution = tensor({ lead: null, dims: [columns, ...sides.slice(1)] }, dtype, library);
  const values = tensor({ lead: null, dims: [minimum(rows, columns)] }, null, library);
  return { value: tuple([solution, tensor({ lead: null, dims: [unknownDim()] }, dtype, library), unknown, values]) };
}

function otherRows(call: Call, rows: Dim, sides: Dim): Problem | null {
  const verdict = call.solver.require(rows, sides, call.cause);
  if (verdict.answer !== "no") return null;
  const [first, second] = [
    shown(call, "input", tensorOf(call, "input")),
    shown(call, "other", tensorOf(call, "other")),
  ];
  const sizes = `${shownDim(call, verdict.left)} and ${shownDim(call, verdict.right)}`;
  return problem("matmul-inner", {
    verdict,
    parameters: ["input", "other"],
    message: (name) => `\`lstsq\` of ${first(name)} and ${second(name)}: the numbers of rows are ${sizes}.`,
  });
}

/** PyTorch takes stacks; what comes beside the solution depends on the driver and on the device. */
function stackedSquares(call: Call): ShapeAnswer {
  const [a, b] = [tensorOf(call, "input").shape, tensorOf(call, "other").shape];
  const wrong = otherTypes(call);
  if (wrong !== null) return wrong;
  if (rank(a) !== null && a.dims.length < 2) return noMatrices(call, "input");
  const [n, m] = [rank(a), rank(b)];
  if (m === 0) return otherRank(call, "other", b, "at least 1 dimension");
  if (n !== null && m !== null && (m > n || n - m > 1))
    return otherRank(call, "other", b, `${n - 1} or ${n} dimensions`);
  const [rows, columns] = [a.dims.at(-2), a.dims.at(-1)];
  if (n === null || m === null || rows === undefined || columns === undefined)
    return { value: solution(call, unknownShape()) };
  const vectors = m < n;
  const wrongRows = otherRows(call, rows, b.dims.at(vectors ? -1 : -2) ?? rows);
  if (wrongRows !== null) return wrongRows;
  const stack = call.solver.broadcast(
    { lead: null, dims: a.dims.slice(0, -2) },
    { lead: null, dims: b.dims.slice(0, vectors ? -1 : -2) },
    call.cause,
  );
  if (stack.verdict.answer === "no") return otherRank(call, "other", b, "the same stack of right sides");
  const dims = [...stack.shape.dims, columns, ...(vectors ? [] : b.dims.slice(-1))];
  return { value: solution(call, { lead: stack.shape.lead, dims }) };
}

/** With the driver that the caller chose, the sizes of what comes beside the solution are known. */
function solution(call: Call, shape: Shape): Datum {
  const stacked = call.solver.shape(tensorOf(call, "input").shape);
  const [rows, columns] = [stacked.dims.at(-2), stacked.dims.at(-1)];
  const driver = textArgument(call.args, "driver");
  const known = driver !== null && shape.lead === null && rows !== undefined && columns !== undefined;
  const typed = (dtype: DType | null, dims: readonly Dim[] | null): Datum =>
    tensor(dims === null ? unknownShape() : { lead: null, dims }, dtype, "torch");
  const real = realPartOf(sharedFloat(call));
  const [batch, none] = [stacked.dims.slice(0, -2), [constant(0)]];
  const values = driver === "gelsd" || driver === "gelss";
  return record("lstsq", [
    ["solution", tensor(shape, sharedFloat(call), "torch")],
    ["residuals", typed(real, known ? residuals(call, shape, rows, columns, driver) : null)],
    ["rank", typed("int64", known ? (driver === "gels" ? none : batch) : null)],
    ["singular_values", typed(real, known ? (values ? [...batch, minimum(rows, columns)] : none) : null)],
  ]);
}

/** Where there are more equations than unknowns; whether the ranks allow them depends on the elements. */
function residuals(call: Call, shape: Shape, rows: Dim, columns: Dim, driver: string): readonly Dim[] | null {
  const more = call.solver.less(columns, rows);
  if (driver === "gelsy" || more === "no") return [constant(0)];
  if (driver !== "gels" || more !== "yes") return null;
  const vectors = rank(tensorOf(call, "other").shape) !== rank(tensorOf(call, "input").shape);
  return vectors ? [...shape.dims.slice(0, -1), constant(1)] : [...shape.dims.slice(0, -2), ...shape.dims.slice(-1)];
}

/**
 * `assert`: what a test that held teaches, and whether one about sizes surely fails. It knows conditions, no
 * operators.
 */
import type { Compare, Expr } from "../program/syntax.ts";
import { asNumber } from "../shapes/index.ts";
import { assume, truthOf } from "./conditions.ts";
import { describe } from "./describe.ts";
import { evaluate } from "./expressions.ts";
import { iterate } from "./iteration.ts";
import { shorten } from "./library.ts";
import type { Completion, Machine } from "./machine.ts";
import { evaluateQuietly } from "./quiet.ts";
import { relatedPlaces } from "./related.ts";
import type { Value } from "./value.ts";

export function executeAssert(m: Machine, test: Expr, message: Expr | null): Completion {
  const value: Value = evaluate(m, test);
  if (message !== null) evaluate(m, message);
  if (truthOf(m, value) !== "no") return assume(m, test, true) ? "normal" : "left";
  if (comparesSizes(m, test)) report(m, test);
  return "left";
}

/** Whether a test compares nothing but sizes that are numbers, so that its answer is that of the program. */
function comparesSizes(m: Machine, test: Expr): boolean {
  if (test.kind === "logical") return comparesSizes(m, test.left) && comparesSizes(m, test.right);
  if (test.kind === "unary" && test.operator === "not") return comparesSizes(m, test.operand);
  return test.kind === "compare" && sidesOf(test).every((side) => isSize(m, evaluateQuietly(m, side)));
}

function sidesOf({ first, rest }: Compare): readonly Expr[] {
  return [first, ...rest.map(({ operand }) => operand)];
}

function isSize(m: Machine, value: Value): boolean {
  if (value.kind === "int") return asNumber(m.solver.dim(value.value)) !== null;
  if (value.kind !== "tuple" && value.kind !== "list") return false;
  const items = iterate(m, value);
  return items !== null && items.exact && items.elements.every((item) => isSize(m, item));
}

function report(m: Machine, test: Expr): void {
  const sides = test.kind === "compare" ? sidesOf(test) : [];
  const told = sides.flatMap((side) => {
    const [text, size] = [shorten(m.text(side.span)), describe(evaluateQuietly(m, side))];
    return text === size ? [] : [`\`${text}\` is ${size}`];
  });
  const message = `This assertion fails${told.length === 0 ? "" : `: ${told.join(", ")}`}.`;
  m.report(
    { code: "assertion", severity: "error", message, shapes: [], related: relatedPlaces(m, []), unnecessary: false },
    test.span,
  );
}

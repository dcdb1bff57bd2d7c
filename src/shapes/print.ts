/**
 * Dimensions as a person would write them in Python. Printing never decides anything: keys do.
 */
import { add, scale, sumOfTerms } from "./algebra.ts";
import {
  type Atom,
  type Dim,
  type Factor,
  type Opaque,
  type Term,
  asNumber,
  mentionsUnknown,
  symbolsOf,
} from "./dim.ts";

/** How tightly the outermost operator of a printed text binds. */
type Binding = "sum" | "product" | "power" | "atom";

interface Printed {
  readonly text: string;
  readonly binding: Binding;
}

/** `C // n_head`, `2*T - 1`; `?` where a nameless size takes part. */
export function printDim(d: Dim): string {
  return mentionsUnknown(d) ? "?" : print(d).text;
}

function print(d: Dim): Printed {
  const terms = [...foldQuotient(d)].sort(compareTerms);
  const [first, ...others] = terms;
  if (first === undefined) return { text: "0", binding: "atom" };
  const head = printTerm(first);
  if (others.length === 0) return head;
  const tail = others.map((term) =>
    term.coefficient < 0 ? ` - ${printTerm(negated(term)).text}` : ` + ${printTerm(term).text}`,
  );
  return { text: head.text + tail.join(""), binding: "sum" };
}

/** The normal form of `3*C // 2` is `C + C // 2`; people write the former. */
function foldQuotient(d: Dim): readonly Term[] {
  const quotient = d.terms.find(isPlainQuotient);
  const atom = quotient?.factors[0]?.atom;
  if (quotient === undefined || atom?.type !== "opaque") return d.terms;
  const [dividend, divisor] = atom.args;
  if (dividend === undefined || divisor === undefined) return d.terms;
  const by = asNumber(divisor);
  if (by === null) return d.terms;
  const inDividend = new Set(dividend.terms.map((term) => term.key));
  const moved = d.terms.filter((term) => term.factors.length > 0 && inDividend.has(term.key));
  if (moved.length === 0) return d.terms;
  const whole = add(dividend, scale(sumOfTerms(moved), by));
  const folded: Opaque = { ...atom, args: [whole, divisor] };
  const rest = d.terms.filter((term) => term !== quotient && !moved.includes(term));
  return [...rest, { ...quotient, factors: [{ atom: folded, power: 1 }] }];
}

function isPlainQuotient(term: Term): boolean {
  const [factor] = term.factors;
  const atom = term.coefficient === 1 && term.factors.length === 1 && factor?.power === 1 ? factor.atom : null;
  return atom?.type === "opaque" && atom.function === "//";
}

function negated(term: Term): Term {
  return { ...term, coefficient: -term.coefficient };
}

/** Numbers last, positive before negative, then by the age of the symbols. */
function compareTerms(a: Term, b: Term): number {
  const constantLast = Number(a.factors.length === 0) - Number(b.factors.length === 0);
  const positiveFirst = Number(a.coefficient < 0) - Number(b.coefficient < 0);
  return constantLast || positiveFirst || compareFactors(sorted(a.factors), sorted(b.factors));
}

function compareFactors(a: readonly Factor[], b: readonly Factor[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]];
    if (x === undefined || y === undefined) break;
    const order = age(x.atom) - age(y.atom) || y.power - x.power;
    if (order !== 0) return order;
  }
  return b.length - a.length;
}

function sorted(factors: readonly Factor[]): readonly Factor[] {
  const opaqueLast = (a: Factor, b: Factor) => Number(a.atom.type === "opaque") - Number(b.atom.type === "opaque");
  return [...factors].sort(
    (a, b) => opaqueLast(a, b) || age(a.atom) - age(b.atom) || (a.atom.key < b.atom.key ? -1 : 1),
  );
}

/** The number of the oldest symbol in it, infinite for numbers. An opaque node follows the bare symbol of its age. */
function age(atom: Atom): number {
  if (atom.type === "symbol") return atom.id;
  return Math.min(...atom.args.map(ageOf)) + 0.5;
}

function ageOf(d: Dim): number {
  let oldest = Infinity;
  for (const s of symbolsOf(d)) oldest = Math.min(oldest, s.id);
  return oldest;
}

function printTerm(term: Term): Printed {
  const factors = sorted(term.factors);
  const [only] = factors;
  if (only === undefined) return { text: String(term.coefficient), binding: term.coefficient < 0 ? "sum" : "atom" };
  if (factors.length === 1 && only.power === 1 && term.coefficient === 1) return printAtom(only.atom);
  const texts = factors.map(printFactor);
  if (factors.length === 1 && only.power > 1 && term.coefficient === 1) return { text: texts.join(), binding: "power" };
  if (term.coefficient === -1) {
    const [first = "", ...others] = texts;
    return { text: [`-${first}`, ...others].join("*"), binding: "sum" };
  }
  if (term.coefficient !== 1) texts.unshift(String(term.coefficient));
  return { text: texts.join("*"), binding: term.coefficient < 0 ? "sum" : "product" };
}

function printFactor({ atom, power }: Factor): string {
  const text = wrap(printAtom(atom), "atom");
  return power === 1 ? text : `${text}**${power}`;
}

function printAtom(atom: Atom): Printed {
  return atom.type === "symbol" ? { text: atom.name, binding: "atom" } : printOpaque(atom);
}

function printOpaque(atom: Opaque): Printed {
  switch (atom.function) {
    case "//":
    case "%": {
      const args = (atom.function === "%" ? lowerCoefficients(atom.args) : atom.args).map(print);
      const [a, b] = args;
      const left = a === undefined ? "?" : / (\/\/|%) /.test(a.text) ? wrap(a, "atom") : wrap(a, "product");
      return { text: `${left} ${atom.function} ${b === undefined ? "?" : wrap(b, "power")}`, binding: "product" };
    }
    case "min":
    case "max":
    case "abs": {
      const args = [...atom.args].sort((a, b) => ageOf(a) - ageOf(b));
      return { text: `${atom.function}(${args.map((arg) => print(arg).text).join(", ")})`, binding: "atom" };
    }
    case "product":
      return { text: atom.args.map((arg) => wrap(print(arg), "atom")).join("*"), binding: "product" };
    default:
      return atom.function satisfies never;
  }
}

/** The normal form of `(-x) % 8` is `7*x % 8`; people write the former. */
function lowerCoefficients(args: readonly Dim[]): readonly Dim[] {
  const [dividend, divisor] = args;
  const by = (divisor && asNumber(divisor)) ?? 0;
  if (dividend === undefined || divisor === undefined || by <= 3) return args;
  const lower = (term: Term) => (term.factors.length > 0 && term.coefficient === by - 1 ? -1 : term.coefficient);
  return [sumOfTerms(dividend.terms.map((term) => ({ ...term, coefficient: lower(term) }))), divisor];
}

const tightness: Record<Binding, number> = { sum: 0, product: 1, power: 2, atom: 3 };

function wrap(printed: Printed, atLeast: Binding): string {
  return tightness[printed.binding] >= tightness[atLeast] ? printed.text : `(${printed.text})`;
}

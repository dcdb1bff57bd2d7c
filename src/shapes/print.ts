/**
 * Dimensions as a person would write them in Python. Printing never decides anything: keys do.
 */
import { type Atom, type Dim, type Factor, type Opaque, type Term, mentionsUnknown, symbolsOf } from "./dim.ts";

/** How tightly the outermost operator of a printed text binds. */
type Binding = "sum" | "product" | "atom";

interface Printed {
  readonly text: string;
  readonly binding: Binding;
}

/** `C // n_head`, `2*T - 1`; `?` where a nameless size takes part. */
export function printDim(d: Dim): string {
  return mentionsUnknown(d) ? "?" : print(d).text;
}

function print(d: Dim): Printed {
  const terms = [...d.terms].sort(compareTerms);
  const [first, ...others] = terms;
  if (first === undefined) return { text: "0", binding: "atom" };
  const head = printTerm(first);
  if (others.length === 0) return head;
  const tail = others.map((term) =>
    term.coefficient < 0 ? ` - ${printTerm(negated(term)).text}` : ` + ${printTerm(term).text}`,
  );
  return { text: head.text + tail.join(""), binding: "sum" };
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
  return [...factors].sort((a, b) => age(a.atom) - age(b.atom) || (a.atom.key < b.atom.key ? -1 : 1));
}

/** The number of the oldest symbol in it. An opaque node follows the bare symbol of its age. */
function age(atom: Atom): number {
  if (atom.type === "symbol") return atom.id;
  let oldest = Infinity;
  for (const arg of atom.args) for (const s of symbolsOf(arg)) oldest = Math.min(oldest, s.id);
  return oldest + 0.5;
}

function printTerm(term: Term): Printed {
  const factors = sorted(term.factors);
  const [only] = factors;
  if (only === undefined) return { text: String(term.coefficient), binding: term.coefficient < 0 ? "sum" : "atom" };
  if (factors.length === 1 && only.power === 1 && term.coefficient === 1) return printAtom(only.atom);
  const texts = factors.map(printFactor);
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
  const args = atom.args.map(print);
  switch (atom.function) {
    case "//":
    case "%": {
      const [a, b] = args;
      const left = a === undefined ? "?" : / (\/\/|%) /.test(a.text) ? wrap(a, "atom") : wrap(a, "product");
      return { text: `${left} ${atom.function} ${b === undefined ? "?" : wrap(b, "atom")}`, binding: "product" };
    }
    case "min":
    case "max":
    case "abs":
      return { text: `${atom.function}(${args.map((arg) => arg.text).join(", ")})`, binding: "atom" };
    case "product":
      return { text: args.map((arg) => wrap(arg, "atom")).join("*"), binding: "product" };
    default:
      return atom.function satisfies never;
  }
}

const tightness: Record<Binding, number> = { sum: 0, product: 1, atom: 2 };

function wrap(printed: Printed, atLeast: Binding): string {
  return tightness[printed.binding] >= tightness[atLeast] ? printed.text : `(${printed.text})`;
}

/**
 * Remedies inside the equations of einsum and the patterns of einops: letters and names put right. They know the
 * notation and leave its meaning to the trial.
 */
import { replaced, type Candidate, type Rewrite } from "./candidate.ts";
import { calleeName } from "./layouts.ts";
import { textOfNode } from "./tree.ts";

const PATTERNS = new Set(["einsum", "rearrange", "reduce", "repeat", "Rearrange", "Reduce", "Einsum"]);
const MOST = 60;

export const reworded: Rewrite = ({ tree, node }) => {
  const { expr, parent } = node;
  if (expr.kind !== "literal" || expr.value.type !== "string" || parent?.expr.kind !== "call") return [];
  if (!PATTERNS.has(calleeName(parent.expr))) return [];
  const text = textOfNode(tree, node);
  const pattern = expr.value.value;
  const at = text.indexOf(pattern);
  if (at < 0 || !pattern.includes("->")) return [];
  const where = { path: node.path, start: node.start + at, end: node.start + at + pattern.length };
  const variants = calleeName(parent.expr) === "einsum" ? equations(pattern) : arrangements(pattern);
  return variants.slice(0, MOST).map(({ text: changed, cost }): Candidate => {
    return { edits: replaced(where, changed), title: `Use \`${changed}\``, cost };
  });
};

interface Variant {
  readonly text: string;
  readonly cost: number;
}

/** Of an equation, those that differ in one letter or in the order of two. */
function equations(equation: string): readonly Variant[] {
  const letters = [...new Set(equation.match(/[a-zA-Z]/g))];
  const free = "abcdefghijklmnopqrstuvwxyz".split("").find((letter) => !letters.includes(letter)) ?? "z";
  const at = [...equation.matchAll(/[a-zA-Z]/g)].map(({ index }) => index);
  const swaps = at.slice(1).flatMap((j, k) => {
    const i = at[k];
    if (i === undefined || j !== i + 1) return [];
    return [
      { text: equation.slice(0, i) + equation.charAt(j) + equation.charAt(i) + equation.slice(j + 1), cost: 1.5 },
    ];
  });
  const replacements = at.flatMap((i) =>
    letters
      .filter((letter) => letter !== equation[i])
      .map((letter) => ({ text: equation.slice(0, i) + letter + equation.slice(i + 1), cost: 1.7 })),
  );
  const renamed = at.map((i) => ({ text: equation.slice(0, i) + free + equation.slice(i + 1), cost: 1.6 }));
  const insertions = [...terms(equation)].flatMap(([start, end]) =>
    positions(start, end).flatMap((i) =>
      letters.map((letter) => ({ text: equation.slice(0, i) + letter + equation.slice(i), cost: 1.8 })),
    ),
  );
  const deletions = at.map((i) => ({ text: equation.slice(0, i) + equation.slice(i + 1), cost: 1.9 }));
  return alternating([swaps, insertions, replacements, renamed, deletions]);
}

/** Where the terms of an equation begin and end, without the result. */
function terms(equation: string): readonly (readonly [number, number])[] {
  const left = equation.slice(0, equation.indexOf("->"));
  return [...left.matchAll(/[^,\s]+/g)].map((match) => [match.index, match.index + match[0].length] as const);
}

function positions(start: number, end: number): readonly number[] {
  return Array.from({ length: end - start + 1 }, (_, i) => start + i);
}

/** Of a pattern, those in which a name is changed with another, added, or left out on the left. */
function arrangements(pattern: string): readonly Variant[] {
  const arrow = pattern.indexOf("->");
  const left = pattern.slice(0, arrow);
  const right = pattern.slice(arrow);
  const names = [...left.matchAll(/\w+/g)];
  const swaps = names.slice(1).flatMap((b, i) => {
    const a = names[i];
    return a === undefined ? [] : [{ text: exchanged(left, a, b) + right, cost: 1.5 }];
  });
  const missing = [...new Set(right.match(/[A-Za-z_]\w*/g))].filter((name) => !names.some(([known]) => known === name));
  const places = [...left.matchAll(/\s+|$/g)].map(({ index }) => index);
  const added = (missing.length > 0 ? missing : ["1"]).flatMap((name) =>
    places.map((at) => ({
      text: `${`${left.slice(0, at)} ${name} ${left.slice(at)}`.replaceAll(/ +/g, " ").trim()} ${right}`,
      cost: 1.7,
    })),
  );
  const both = names
    .map((name) => withBefore(left, right, name))
    .flatMap((text) => (text === null ? [] : [{ text, cost: 2 }]));
  return alternating([swaps, added, both]);
}

function exchanged(text: string, a: RegExpExecArray, b: RegExpExecArray): string {
  const between = text.slice(a.index + a[0].length, b.index);
  return text.slice(0, a.index) + b[0] + between + a[0] + text.slice(b.index + b[0].length);
}

/** A new name on both sides, in front of one that both have. */
function withBefore(left: string, right: string, name: RegExpExecArray): string | null {
  const there = new RegExp(`(?<![\\w(])${name[0]}\\b`).exec(right);
  const isInside = left.lastIndexOf("(", name.index) > left.lastIndexOf(")", name.index);
  if (there === null || isInside) return null;
  const added = ["n", "k", "m", "x1"].find((each) => !new RegExp(`\\b${each}\\b`).test(left + right)) ?? "extra";
  return `${left.slice(0, name.index)}${added} ${left.slice(name.index)}${right.slice(0, there.index)}${added} ${right.slice(there.index)}`;
}

/** One of each kind in turn, so that a limit cuts all alike. */
function alternating(kinds: readonly (readonly Variant[])[]): readonly Variant[] {
  const longest = Math.max(...kinds.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => kinds.flatMap((kind) => kind[i] ?? [])).flat();
}

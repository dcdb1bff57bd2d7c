/**
 * Attention that is written out, softmax(q @ kᵀ · scale) @ v, in one expression or over several statements: found by
 * following values from the last product back to the first. Whatever it does not recognise makes it no attention.
 */
import type { FileSpan } from "../analysis/result.ts";
import type { Argument, Node } from "./graph-parts.ts";
import { nodesAround } from "./graph.ts";
import type { View } from "./sources.ts";

export interface Composed {
  readonly q: Node;
  readonly k: Node;
  readonly v: Node;
  readonly output: Node;
  readonly span: FileSpan;
  /** Null where scores are divided by the root of the feature size. */
  readonly scale: number | null;
  readonly causal: boolean;
  /** There is a mask that is not known to be causal, whose values nobody can tell. */
  readonly masked: boolean;
}

/** The attention whose last product or softmax is meant by a place. */
export function composedAt(view: View, path: string, start: number, end: number): Composed | null {
  const { nodes, spans } = nodesAround(view, path, start);
  const holds = (at: number): boolean => {
    const span = spans[at];
    return span !== undefined && span.start <= start && end <= span.end;
  };
  for (const [at, output] of nodes.entries()) {
    const found = isProduct(output) ? attentionIn(nodes, at) : null;
    const span = spans[at];
    if (found === null || span === undefined || holds(found.scores)) continue;
    if (!holds(at) && !holds(found.softmax)) continue;
    const { q, k, v, scale, causal, masked } = found;
    return { q, k, v, output, span: { path, ...span }, scale, causal, masked };
  }
  return null;
}

type Found = Omit<Composed, "output" | "span"> & { readonly softmax: number; readonly scores: number };

const last = (operator: string | null): string => operator?.split(".").at(-1) ?? "";
const isProduct = ({ operator }: Node): boolean => ["@", "matmul", "bmm"].includes(last(operator));
const nodeOf = (argument: Argument | undefined): number | null => (argument?.kind === "node" ? argument.node : null);
const given = (node: Node | undefined, at: number): Argument | undefined => node?.args[at]?.value;

/** What passes a value on: dropout that is off, changes of type and of memory. */
const PASSES = new Set(["dropout", "Dropout", "to", "type_as", "float", "contiguous"]);

function attentionIn(nodes: readonly Node[], at: number): Found | null {
  const v = nodeOf(given(nodes[at], 1));
  const softmax = passed(nodes, nodeOf(given(nodes[at], 0)));
  const weights = softmax === null ? undefined : nodes[softmax];
  if (v === null || softmax === null || weights === undefined || last(weights.operator) !== "softmax") return null;
  if (!runsAlongLast(weights)) return null;
  const scaling = new Scaling();
  let masked = "";
  let place = nodeOf(given(weights, 0));
  for (let i = 0; i < 8 && place !== null; i++) {
    const node = nodes[place];
    if (node === undefined) return null;
    if (isProduct(node)) return found(nodes, place, { v, softmax, scaling, masked });
    const before =
      scaling.taken(node) ?? maskedFrom(node) ?? (PASSES.has(last(node.operator)) ? given(node, 0) : undefined);
    if (maskedFrom(node) !== undefined) masked += maskText(nodes, node);
    place = nodeOf(before);
  }
  return null;
}

function found(
  nodes: readonly Node[],
  scores: number,
  { v, softmax, scaling, masked }: { v: number; softmax: number; scaling: Scaling; masked: string },
): Found | null {
  const left = nodeOf(given(nodes[scores], 0));
  const turned = nodeOf(given(nodes[scores], 1));
  const k = turned === null ? null : keysOf(nodes[turned]);
  const scaledQuery = left === null || nodes[left] === undefined ? undefined : scaling.taken(nodes[left]);
  const q = scaledQuery === undefined ? left : nodeOf(scaledQuery);
  const [queries, keys, values] = [q, k, v].map((at) => (at === null ? undefined : nodes[at]));
  if (queries === undefined || keys === undefined || values === undefined) return null;
  const scale = scaling.factor(queries.dims.at(-1));
  if (scale === undefined) return null;
  const causal = /\btril\b|\btriu\b/.test(masked);
  return { q: queries, k: keys, v: values, scale, causal, masked: masked !== "" && !causal, softmax, scores };
}

function passed(nodes: readonly Node[], at: number | null): number | null {
  for (let i = 0; i < 4 && at !== null; i++) {
    if (!PASSES.has(last(nodes[at]?.operator ?? null))) return at;
    at = nodeOf(given(nodes[at], 0));
  }
  return at;
}

function runsAlongLast({ args, dims }: Node): boolean {
  const axis = args.find(({ name }) => name === "dim" || name === "axis")?.value ?? args[1]?.value;
  return axis?.kind === "number" && (axis.value === -1 || axis.value === dims.length - 1);
}

/** The scores that a mask was put on: filled where it says so, or added to. */
function maskedFrom(node: Node): Argument | undefined {
  const name = last(node.operator);
  if (name === "masked_fill") return given(node, 0);
  const [a, b] = [given(node, 0), given(node, 1)];
  return name === "+" && a?.kind === "node" && b?.kind === "node" ? a : undefined;
}

/** The mask as written, and what its name was bound to. */
function maskText(nodes: readonly Node[], node: Node): string {
  const at = nodeOf(given(node, 1));
  const texts = [node.code];
  for (let place = at, i = 0; place !== null && i < 4; i++) {
    const mask = nodes[place];
    if (mask === undefined) break;
    texts.push(`${mask.operator ?? ""} ${mask.code}`);
    place = nodeOf(given(mask, 0));
  }
  return texts.join(" ");
}

/** The keys before they were turned: only a turn of the last two axes is one. */
function keysOf(node: Node | undefined): number | null {
  if (node === undefined) return null;
  const rank = node.dims.length;
  const name = last(node.operator);
  const axes = node.args.slice(1).map(({ value }) => (value.kind === "number" ? (value.value + rank) % rank : -1));
  const swaps =
    ["transpose", "swapaxes", "swapdims"].includes(name) &&
    axes.toSorted((a, b) => a - b).join() === `${rank - 2},${rank - 1}`;
  const turns = swaps || name === "mT" || ((name === "T" || name === "t") && rank === 2);
  return turns ? nodeOf(given(node, 0)) : null;
}

/** Gathers what scores are multiplied by. Lives for one attention. */
class Scaling {
  #number = 1;
  #roots: { readonly text: string; readonly power: number }[] = [];

  /** What a scaling was applied to; nothing where the node is none. */
  taken(node: Node): Argument | undefined {
    const name = last(node.operator);
    const divides = name === "/" || name === "div";
    if (!divides && name !== "*" && name !== "mul") return undefined;
    const [a, b] = [given(node, 0), given(node, 1)];
    if (a === undefined || b === undefined) return undefined;
    if (a.kind === "node") return this.#by(b, divides ? -1 : 1) ? a : undefined;
    return b.kind === "node" && !divides && this.#by(a, 1) ? b : undefined;
  }

  #by(factor: Argument, sign: 1 | -1): boolean {
    if (factor.kind === "number") this.#number *= factor.value ** sign;
    else if (factor.kind === "power") this.#roots.push({ text: factor.text, power: factor.power * sign });
    else return false;
    return true;
  }

  /** Null for one over the root of the features; nothing where it is neither that nor a number. */
  factor(features: number | string | undefined): number | null | undefined {
    const [root, ...more] = this.#roots;
    if (root === undefined) {
      const usual = typeof features === "number" ? features ** -0.5 : NaN;
      return Math.abs(this.#number - usual) < 1e-9 ? null : this.#number;
    }
    const plain = more.length === 0 && this.#number === 1;
    return plain && root.text === String(features) && root.power === -0.5 ? null : undefined;
  }
}

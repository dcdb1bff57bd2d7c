/**
 * Asks the catalogue what a recorded case gives and compares it with what the library said: right, unknown
 * or wrong. It knows the catalogue and recordings, and nothing of how tests report.
 */
import {
  bindArguments,
  lookupLayer,
  lookupOperator,
  type Bound,
  type Datum,
  type Outcome,
  type Tensor,
} from "../../src/ops/index.ts";
import { asNumber, noFacts, Solver } from "../../src/shapes/index.ts";
import { decode, libraryOfCase, type Case } from "./decode.ts";
import { whole, type View } from "./views.ts";

/**
 * - `right`: the same shape and type, or the same refusal.
 * - `partly`: right as far as it goes, but a size or a type is open.
 * - `unknown`: nothing is claimed.
 * - `missed`: the library refuses, and the catalogue does not know.
 * - `wrong`: another shape or type, or an error where there is none. Never allowed.
 */
export interface Judgement {
  readonly verdict: "right" | "partly" | "unknown" | "missed" | "wrong";
  readonly said: string;
}

export function judge(one: Case, view: View = whole): Judgement {
  if (view.assumes(JSON.stringify(one))) return { verdict: "unknown", said: "an assumption" };
  const outcome = outcomeOf(one, view);
  if (typeof outcome === "string") return { verdict: outcome === "miscounted" ? "wrong" : "unknown", said: outcome };
  if ("problem" in outcome) {
    const said = outcome.problem.message((name) => `\`${name}\``);
    return { verdict: one.err === undefined ? "wrong" : "right", said };
  }
  if (one.err !== undefined)
    return { verdict: isOpen(outcome.value, view) ? "unknown" : "missed", said: show(outcome.value, view) };
  return {
    verdict: compare(decode(one.out, libraryOfCase(one)), outcome.value, view),
    said: show(outcome.value, view),
  };
}

/** What the catalogue gives, or in words why it cannot be asked. */
export function outcomeOf(one: Case, view: View = whole): Outcome | string {
  return one.layer === undefined ? callOperator(one, view) : callLayer(one, view);
}

function bind(
  parameters: Parameters<typeof bindArguments>[0],
  args: readonly unknown[],
  named: object,
  one: Case,
  view: View,
): Bound | string {
  const library = libraryOfCase(one);
  const keywords = Object.entries(named).map(([key, value]): [string, Datum] => [
    key,
    view.show(decode(value, library)),
  ]);
  const bound = bindArguments(
    parameters,
    args.map((value) => view.show(decode(value, library))),
    new Map(keywords),
  );
  return "mismatch" in bound ? bound.mismatch : bound;
}

function callOperator(one: Case, view: View): Outcome | string {
  const operator = lookupOperator(one.op ?? "");
  if (operator === null) return "not in the catalogue";
  const bound = bind(operator.parameters, one.args, one.named ?? {}, one, view);
  if (typeof bound === "string") return bound;
  return operator.apply({
    args: bound,
    solver: new Solver(noFacts),
    name: one.op ?? "",
    cause: { text: "a test", place: null },
  });
}

function callLayer(one: Case, view: View): Outcome | string {
  const layer = lookupLayer(one.layer ?? "");
  if (layer === null) return "not in the catalogue";
  const made = bind(layer.constructorParameters, one.make ?? [], one.options ?? {}, one, whole);
  if (typeof made === "string") return made;
  const solver = new Solver(noFacts);
  const cause = { text: "a test", place: null };
  const wrong = layer.construct({ args: made, solver, name: one.layer ?? "", cause });
  if (wrong !== null) return { problem: wrong };
  const count = layer.parameterCount(made);
  if (one.count !== undefined && count !== null && asNumber(count) !== one.count) return "miscounted";
  const bound = bind(layer.callParameters, one.args, one.named ?? {}, one, view);
  if (typeof bound === "string") return bound;
  return layer.apply(made, { args: bound, solver, name: one.layer ?? "", cause });
}

function isOpen(value: Datum, view: View): boolean {
  if (value.kind === "tensor")
    return value.shape.lead !== null || value.shape.dims.some((dim) => view.number(dim) === null);
  if (value.kind === "tuple" || value.kind === "list") return value.items.some((item) => isOpen(item, view));
  if (value.kind === "record") return [...value.fields.values()].some((item) => isOpen(item, view));
  return value.kind === "unknown" || value.kind === "many";
}

type Partial = "right" | "partly" | "unknown" | "wrong";

function compare(truth: Datum, said: Datum, view: View): Partial {
  if (said.kind === "unknown") return "unknown";
  if (said.kind === "record") return compare(truth, { kind: "tuple", items: [...said.fields.values()] }, view);
  if (said.kind === "tensor") return truth.kind === "tensor" ? compareTensors(truth, said, view) : "wrong";
  if (said.kind === "tuple" || said.kind === "list") {
    if ((truth.kind !== "tuple" && truth.kind !== "list") || truth.items.length !== said.items.length) return "wrong";
    return worst(said.items.map((item, i) => compare(truth.items[i] ?? item, item, view)));
  }
  if (said.kind === "int")
    return truth.kind === "int" ? compareDims(asNumber(truth.value), view.number(said.value)) : "wrong";
  if (said.kind === "many") return truth.kind === "tuple" || truth.kind === "list" ? "partly" : "wrong";
  return said.kind === truth.kind ? "right" : "wrong";
}

function compareTensors(truth: Tensor, said: Tensor, view: View): Partial {
  const [real, ours] = [truth.shape.dims, said.shape.dims];
  if (ours.length > real.length || (said.shape.lead === null && ours.length < real.length)) return "wrong";
  const offset = real.length - ours.length;
  const sizes = ours.map((dim, i) => compareDims(asNumber(real[offset + i] ?? dim), view.number(dim)));
  if (said.dtype !== null && said.dtype !== truth.dtype) return "wrong";
  if (said.shape.lead !== null) return sizes.includes("wrong") ? "wrong" : ours.length > 0 ? "partly" : "unknown";
  return worst([...sizes, said.dtype === null ? "partly" : "right"]);
}

function compareDims(truth: number | null, said: number | null): Partial {
  return said === null ? "partly" : said === truth ? "right" : "wrong";
}

function worst(parts: readonly Partial[]): Partial {
  const order: readonly Partial[] = ["wrong", "unknown", "partly", "right"];
  return order.find((one) => parts.includes(one)) ?? "right";
}

function show(value: Datum, view: View): string {
  if (value.kind === "tensor") {
    const dims = value.shape.dims.map((dim) => view.number(dim) ?? "?");
    return `${value.dtype ?? "?"}[${value.shape.lead === null ? "" : "…,"}${dims.join(",")}]`;
  }
  if (value.kind === "tuple" || value.kind === "list")
    return `(${value.items.map((item) => show(item, view)).join(" ")})`;
  if (value.kind === "record") return show({ kind: "tuple", items: [...value.fields.values()] }, view);
  return value.kind === "int" ? String(view.number(value.value) ?? "?") : value.kind;
}

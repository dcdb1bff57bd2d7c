/** Methods of lists and sets. What they hold is known item by item, or by one element and a length. */
import type { Expr } from "../program/syntax.ts";
import { asNumber, constant, subtract, unknownDim } from "../shapes/index.ts";
import { equalValues } from "./equality.ts";
import type { CallArguments } from "./calls.ts";
import { appendItem, distinct, extendItems, setContent } from "./containers.ts";
import { anyInteger, renew } from "./fresh.ts";
import { iterate } from "./iteration.ts";
import { elementsOf, joinAll, lengthOf } from "./join.ts";
import type { Machine } from "./machine.ts";
import { inOrder } from "./ordering.ts";
import { contentOf, type ListContent, listOf, type ListValue, manyOf, NONE, UNKNOWN, type Value } from "./value.ts";

export function listMethod(m: Machine, list: ListValue, name: string, args: CallArguments, expr: Expr): Value {
  const [first, second] = args.positional;
  const content = contentOf(list);
  const forget = (more: readonly Value[]): void => setContent(m, list, summed([...elementsOf(content), ...more]));
  if (list.flavour === "set") return setMethod(m, list, name, args);
  switch (name) {
    case "append":
      if (first !== undefined) appendItem(m, list, first);
      return NONE;
    case "extend":
      extendItems(m, list, contentOfIterable(m, first ?? UNKNOWN));
      return NONE;
    case "insert": {
      const at = first?.kind === "int" ? asNumber(m.solver.dim(first.value)) : null;
      if (at === null || !("items" in content) || second === undefined) forget([second ?? UNKNOWN]);
      else setContent(m, list, { items: content.items.toSpliced(at, 0, second) });
      return NONE;
    }
    case "pop":
      return pop(m, list, first);
    case "sort": {
      const sorted = "items" in content ? inOrder(m, content.items, args, expr) : null;
      if (sorted !== null) setContent(m, list, { items: sorted });
      else setContent(m, list, { ...summed(elementsOf(content)), length: lengthOf(content) });
      return NONE;
    }
    case "reverse":
      if ("items" in content) setContent(m, list, { items: content.items.toReversed() });
      return NONE;
    case "remove": {
      const at = placeOf(m, content, first ?? UNKNOWN);
      if (at === null || !("items" in content)) forget([]);
      else setContent(m, list, { items: content.items.toSpliced(at, 1) });
      return NONE;
    }
    case "clear":
      setContent(m, list, { items: [] });
      return NONE;
    case "copy":
      return "items" in content ? listOf(content.items) : manyOf(content.element, content.length);
    case "index": {
      const at = args.positional.length === 1 ? placeOf(m, content, first ?? UNKNOWN) : null;
      return at === null ? anyInteger() : { kind: "int", value: constant(at) };
    }
    case "count":
      return countOf(m, content, first ?? UNKNOWN);
    default:
      forget([UNKNOWN]);
      return UNKNOWN;
  }
}

function summed(elements: readonly Value[]): Extract<ListContent, { element: Value }> {
  return { element: joinAll(elements), length: unknownDim() };
}

export function contentOfIterable(m: Machine, value: Value): ListContent {
  const all = iterate(m, value);
  if (all === null) return { element: UNKNOWN, length: unknownDim() };
  return all.exact
    ? { items: all.elements }
    : { element: all.elements[0] ?? UNKNOWN, length: all.length ?? unknownDim() };
}

function pop(m: Machine, list: ListValue, place: Value | undefined): Value {
  const content = contentOf(list);
  if (!("items" in content)) {
    setContent(m, list, { element: content.element, length: subtract(content.length, constant(1)) });
    return renew(content.element);
  }
  const at = place === undefined ? -1 : place.kind === "int" ? asNumber(m.solver.dim(place.value)) : null;
  const item = at === null ? undefined : content.items.at(at);
  if (at === null || item === undefined) {
    setContent(m, list, summed(content.items));
    return UNKNOWN;
  }
  setContent(m, list, { items: content.items.toSpliced(at, 1) });
  return item;
}

/** Where an item stands first, if that is certain. */
function placeOf(m: Machine, content: ListContent, wanted: Value): number | null {
  if (!("items" in content)) return null;
  for (const [at, item] of content.items.entries()) {
    const answer = equalValues(m, item, wanted);
    if (answer !== "no") return answer === "yes" ? at : null;
  }
  return null;
}

function countOf(m: Machine, content: ListContent, wanted: Value): Value {
  if (!("items" in content)) return anyInteger();
  const answers = content.items.map((item) => equalValues(m, item, wanted));
  if (answers.includes("maybe")) return anyInteger();
  return { kind: "int", value: constant(answers.filter((answer) => answer === "yes").length) };
}

/** A set holds each item once; the order in which it gives them is not known. */
function setMethod(m: Machine, set: ListValue, name: string, args: CallArguments): Value {
  const [first = UNKNOWN] = args.positional;
  const elements = elementsOf(contentOf(set));
  switch (name) {
    case "add":
      setContent(m, set, distinct([...elements, first]));
      return NONE;
    case "update":
      setContent(
        m,
        set,
        summed([...elements, ...args.positional.flatMap((more) => elementsOf(contentOfIterable(m, more)))]),
      );
      return NONE;
    case "clear":
      setContent(m, set, { items: [] });
      return NONE;
    case "copy":
      return { ...set, cell: new Map(set.cell) };
    case "issubset":
    case "issuperset":
    case "isdisjoint":
      return { kind: "bool", value: null };
    case "remove":
    case "discard":
      setContent(m, set, summed(elements));
      return NONE;
    case "pop":
      setContent(m, set, summed(elements));
      return joinAll(elements);
    default: {
      if (name.endsWith("_update")) setContent(m, set, summed([...elements, UNKNOWN]));
      const others = args.positional.flatMap((more) => elementsOf(contentOfIterable(m, more)));
      const all = summed([...elements, ...others]);
      return manyOf(all.element, all.length, "set");
    }
  }
}

/**
 * A function over tensors as a graph of its operations: what goes in, and each operation in order with the shape that
 * the analysis found. It follows straight lines of code and says what it leaves out; what an operator means, it does
 * not know.
 */
import type { Fact } from "../analysis/result.ts";
import type { Expr, FunctionDefinition, Span, Stmt, Target } from "../program/syntax.ts";
import { asNumber, mentionsUnknown, printDim, type Shape } from "../shapes/index.ts";
import { factsOf, fallbackName, functionAt, isNone, numberOf, TURNS, type Argument, type Node } from "./graph-parts.ts";
import { positionAt, type Lines } from "./lines.ts";
import { short } from "./markdown.ts";
import type { View } from "./sources.ts";

export interface FunctionGraph {
  readonly name: string;
  readonly uri: string;
  readonly file: string;
  readonly line: number;
  readonly nodes: readonly Node[];
  readonly returned: readonly number[];
  readonly notes: readonly string[];
}

/** The graph of the innermost function around an offset; null where there is none, or it is no straight line. */
export function graphAt(view: View, path: string, offset: number): FunctionGraph | null {
  const found = walkAt(view, path, offset, true);
  return found === null ? null : found.walk.graph(found.definition);
}

/** The operations of the function around an offset, branches and loops passed once, each with its place. */
export function nodesAround(
  view: View,
  path: string,
  offset: number,
): { readonly nodes: readonly Node[]; readonly spans: readonly Span[] } {
  const walk = walkAt(view, path, offset, false);
  return walk === null ? { nodes: [], spans: [] } : walk.walk.all(walk.definition);
}

function walkAt(
  view: View,
  path: string,
  offset: number,
  strict: boolean,
): { readonly walk: Walk; readonly definition: FunctionDefinition } | null {
  const program = view.sources.program(path);
  const lines = view.sources.lines(path);
  const file = view.result.files.get(path);
  if (program === null || lines === null || file === undefined) return null;
  const chunk = program.chunks.findLast((each) => each.offset <= offset);
  const definition = chunk === undefined ? null : functionAt(chunk.unit.body, offset - chunk.offset);
  if (chunk === undefined || definition === null) return null;
  const span = { path, start: chunk.offset + definition.span.start, end: chunk.offset + definition.span.end };
  const facts = factsOf(file.factsNear(span.start, span.end).flat(), span);
  return { walk: new Walk(view, lines, chunk.offset, path, facts, strict), definition };
}

/** More operations than these are no picture. */
const MOST = 80;
const MOST_PASSED = 400;

/** What a name holds while the walk goes on: a node, or a list of them from a tuple. */
type Held = { readonly kind: "node"; readonly node: number } | { readonly kind: "other"; readonly value: Expr };

/** Lives for one function. */
class Walk {
  readonly #view: View;
  readonly #lines: Lines;
  readonly #offset: number;
  readonly #path: string;
  readonly #facts: ReadonlyMap<string, Fact>;
  /** Whether only a straight line will do; otherwise branches and loops are passed once. */
  readonly #strict: boolean;
  readonly #spans: Span[] = [];
  readonly #nodes: Node[] = [];
  readonly #names = new Map<string, Held>();
  readonly #absent = new Set<string>();
  readonly #notes: string[] = [];
  readonly #open = new Map<string, string>();
  #returned: readonly number[] | null = null;
  #straight = true;

  constructor(
    view: View,
    lines: Lines,
    offset: number,
    path: string,
    facts: ReadonlyMap<string, Fact>,
    strict: boolean,
  ) {
    this.#view = view;
    this.#lines = lines;
    this.#offset = offset;
    this.#path = path;
    this.#facts = facts;
    this.#strict = strict;
  }

  /** Every operation with its place in the file. */
  all(definition: FunctionDefinition): { readonly nodes: readonly Node[]; readonly spans: readonly Span[] } {
    this.graph(definition);
    return { nodes: this.#nodes, spans: this.#spans };
  }

  graph(definition: FunctionDefinition): FunctionGraph | null {
    for (const { name, nameSpan, default: value } of definition.parameters) this.#parameter(name, nameSpan, value);
    this.#run(definition.body);
    const computed = this.#nodes.some(({ operator }) => operator !== null);
    if (!this.#straight || this.#returned === null || !computed || this.#nodes.length > MOST) return null;
    return {
      name: definition.name,
      uri: this.#path,
      file: this.#view.sources.name(this.#path),
      line: this.#line(definition.nameSpan),
      nodes: this.#nodes,
      returned: this.#returned,
      notes: this.#notes,
    };
  }

  #parameter(name: string, span: Span, value: Expr | null): void {
    const shape = this.#fact(span, "bound")?.shape ?? null;
    const dims = this.#dims(shape);
    if (dims !== null) this.#hold(name, this.#add({ operator: null, name, code: name, dims, args: [] }, span));
    else if (value !== null && isNone(value)) this.#absent.add(name);
  }

  #run(body: readonly Stmt[]): void {
    for (const statement of body) {
      if (this.#strict && (!this.#straight || this.#returned !== null)) return;
      if (this.#nodes.length > MOST_PASSED) return;
      this.#statement(statement);
    }
  }

  #statement(statement: Stmt): void {
    switch (statement.kind) {
      case "assign":
        for (const target of statement.targets) this.#assign(target, statement.value);
        return;
      case "augmented-assign":
        return this.#change(statement);
      case "return":
        this.#return(statement.value);
        return;
      case "if":
        return this.#branch(statement);
      case "expression":
      case "pass":
      case "assert":
      case "declare":
      case "import":
      case "import-from":
        return;
      default:
        if (!this.#strict && "body" in statement && statement.kind !== "class" && statement.kind !== "function")
          return this.#run(statement.body);
        // Loops, definitions and whatever else may run twice or not at all is no line of operations.
        this.#straight = false;
    }
  }

  /** `x += y` makes a new value of the old name. */
  #change({ target, operator, value, span }: Extract<Stmt, { kind: "augmented-assign" }>): void {
    const dims = this.#dims(this.#fact(target.span, "bound")?.shape ?? null);
    if (target.kind !== "name" || dims === null) {
      this.#straight = false;
      return;
    }
    const args = this.#arguments({ kind: "binary", operator, left: target, right: value, span });
    this.#names.delete(target.id);
    const code = short(this.#text(span), 400);
    this.#hold(target.id, this.#add({ operator: `operator.${operator}`, name: null, code, dims, args }, span));
  }

  /** Only a question whether an optional argument was given has an answer here: it was not. */
  #branch({ test, then, otherwise, span }: Extract<Stmt, { kind: "if" }>): void {
    const asked = test.kind === "compare" && test.rest.length === 1 ? test.rest[0] : undefined;
    const name = test.kind === "compare" && test.first.kind === "name" ? test.first.id : null;
    const about = asked !== undefined && isNone(asked.operand) && name !== null ? name : null;
    if (about === null || asked === undefined || !this.#strict) {
      this.#straight = false;
      if (this.#strict) return;
      this.#run(then);
      return this.#run(otherwise);
    }
    const without = this.#absent.has(about);
    const taken = (asked.comparator === "is") === without ? then : otherwise;
    const skipped = taken === then ? otherwise : then;
    if (without && skipped.length > 0)
      this.#notes.push(`Without \`${about}\`, so the code under line ${this.#line(span) + 1} does not run.`);
    this.#run(taken);
  }

  #assign(target: Target, value: Expr): void {
    if (target.kind === "name") {
      const node = this.#node(value);
      if (node !== null) this.#hold(target.id, node);
      else this.#names.set(target.id, { kind: "other", value });
      return;
    }
    const parts = target.kind === "sequence" && value.kind === "sequence" ? value.items : [];
    if (target.kind !== "sequence") return;
    target.items.forEach((item, i) => {
      const part = parts[i];
      if (item.kind === "name" && part !== undefined) this.#assign(item, part);
      else if (item.kind === "name") this.#opened(item.id, item.span);
    });
  }

  /** A value that an operation with several results leaves: it is shown as something that goes in. */
  #opened(name: string, span: Span): void {
    const dims = this.#dims(this.#fact(span, "bound")?.shape ?? null);
    if (dims !== null) this.#hold(name, this.#add({ operator: null, name, code: name, dims, args: [] }, span));
  }

  #return(value: Expr | null): void {
    const items = value?.kind === "sequence" ? value.items : value === null ? [] : [value];
    this.#returned = items.map((item) => this.#node(item)).filter((node) => node !== null);
  }

  #hold(name: string, node: number): void {
    this.#names.set(name, { kind: "node", node });
    const held = this.#nodes[node];
    if (held !== undefined && held.name === null) held.name = name;
  }

  /** The node of an expression whose value is a tensor of known rank; null for anything else. */
  #node(value: Expr): number | null {
    if (value.kind === "name") {
      const held = this.#names.get(value.id);
      if (held?.kind === "node") return held.node;
    }
    if (value.kind === "name") return this.#given(value);
    if (value.kind === "attribute" && !(TURNS.has(value.name) && this.#isTensor(value.object)))
      return this.#given(value);
    return this.#operation(value, value.span);
  }

  /** A tensor that the function finds outside of itself, such as `self.weight`. */
  #given(value: Expr): number | null {
    const dims = this.#dims(this.#fact(value.span, "expression")?.shape ?? null);
    if (dims === null) return null;
    const code = this.#text(value.span);
    const known = this.#nodes.findIndex((node) => node.operator === null && node.code === code);
    return known >= 0 ? known : this.#add({ operator: null, name: code, code, dims, args: [] }, value.span);
  }

  #operation(value: Expr, span: Span): number | null {
    const fact = this.#fact(span, "expression") ?? this.#fact(span, "bound");
    const dims = this.#dims(fact?.shape ?? null);
    if (dims === null) return null;
    const operator = fact?.operation?.name ?? fallbackName(value) ?? "?";
    const args = this.#arguments(value);
    return this.#add({ operator, name: null, code: short(this.#text(span), 400), dims, args }, span);
  }

  #arguments(value: Expr): Node["args"] {
    const plain = (each: Expr): Node["args"][number] => ({ name: null, value: this.#argument(each) });
    switch (value.kind) {
      case "binary":
        return [plain(value.left), plain(value.right)];
      case "unary":
        return [plain(value.operand)];
      case "compare":
        return [plain(value.first), ...value.rest.map(({ operand }) => plain(operand))];
      case "attribute":
        return [plain(value.object)];
      case "index":
        return [plain(value.object), { name: null, value: { kind: "open", text: this.#text(value.index.span) } }];
      case "call": {
        const own = value.args.map(({ name, value: given }) => ({ name, value: this.#argument(given) }));
        const { callee } = value;
        const self = callee.kind === "attribute" && this.#isTensor(callee.object) ? [plain(callee.object)] : [];
        return [...self, ...own].slice(0, 16);
      }
      default:
        return [];
    }
  }

  #isTensor(value: Expr): boolean {
    return (
      this.#fact(value.span, "expression")?.kind === "tensor" ||
      (value.kind === "call" && this.#dims(this.#fact(value.span, "expression")?.shape ?? null) !== null)
    );
  }

  #argument(value: Expr): Argument {
    const text = short(this.#text(value.span), 400);
    const fact = this.#fact(value.span, "expression");
    if (fact?.kind === "tensor") {
      const node = this.#node(value);
      return node === null ? { kind: "open", text } : { kind: "node", node };
    }
    const number = numberOf(value);
    // What crosses as JSON has no infinities.
    if (number !== null)
      return Number.isFinite(number) ? { kind: "number", value: number } : { kind: "word", text: String(number) };
    if (fact?.kind === "int" && fact.text !== "") return { kind: "size", text: short(fact.text, 400) };
    if (value.kind === "literal" && value.value.type === "string")
      return { kind: "word", text: value.value.value.slice(0, 400) };
    if (value.kind === "literal" && value.value.type === "bool")
      return { kind: "word", text: String(value.value.value) };
    if (value.kind === "sequence") return this.#list(value.items, text);
    return this.#power(value) ?? { kind: "open", text };
  }

  #list(items: readonly Expr[], text: string): Argument {
    const parts = items.map((item) => this.#argument(item));
    const plain = parts.flatMap((part): readonly (number | string)[] =>
      part.kind === "number" ? [part.value] : part.kind === "size" ? [part.text] : [],
    );
    return plain.length === parts.length && plain.length <= 16
      ? { kind: "list", items: plain }
      : { kind: "open", text };
  }

  /** `math.sqrt(d)`, `d ** -0.5`, `1 / math.sqrt(d)`, and names that hold one of these. */
  #power(value: Expr, depth = 0): Argument | null {
    if (depth > 8) return null;
    if (value.kind === "name") {
      const held = this.#names.get(value.id);
      return held?.kind === "other" ? this.#power(held.value, depth + 1) : null;
    }
    const size = this.#fact(value.span, "expression");
    if (size?.kind === "int" && size.text !== "") return { kind: "power", text: short(size.text, 400), power: 1 };
    if (value.kind === "call" && /(?:^|\.)sqrt$/.test(this.#text(value.callee.span)) && value.args.length === 1)
      return this.#raised(value.args[0]?.value, 0.5, depth);
    if (value.kind !== "binary") return null;
    const right = numberOf(value.right);
    if (value.operator === "**" && right !== null) return this.#raised(value.left, right, depth);
    if (value.operator === "/" && numberOf(value.left) === 1) return this.#raised(value.right, -1, depth);
    return null;
  }

  #raised(value: Expr | undefined, power: number, depth: number): Argument | null {
    const inner = value === undefined ? null : this.#power(value, depth + 1);
    return inner?.kind === "power" ? { ...inner, power: inner.power * power } : null;
  }

  /** The dimensions as text; null where the rank is open or one is not known. */
  #dims(shape: Shape | null): readonly (number | string)[] | null {
    if (shape === null || shape.lead !== null || shape.dims.length > 8) return null;
    return shape.dims.map((dim) => {
      const n = asNumber(dim);
      if (n !== null) return n;
      if (!mentionsUnknown(dim)) return short(printDim(dim), 400);
      const name = this.#open.get(dim.key) ?? `n${this.#open.size + 1}`;
      this.#open.set(dim.key, name);
      return name;
    });
  }

  #add(node: Omit<Node, "line">, span: Span): number {
    this.#nodes.push({ ...node, line: this.#line(span) });
    this.#spans.push({ start: this.#offset + span.start, end: this.#offset + span.end });
    return this.#nodes.length - 1;
  }

  #fact({ start, end }: Span, role: "expression" | "bound"): Fact | undefined {
    return this.#facts.get(`${this.#offset + start}:${this.#offset + end}:${role}`);
  }

  #text({ start, end }: Span): string {
    return this.#lines.text.slice(this.#offset + start, this.#offset + end).replace(/\s+/g, " ");
  }

  #line({ start }: Span): number {
    return positionAt(this.#lines, this.#offset + start).line;
  }
}

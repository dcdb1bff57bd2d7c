/**
 * Functions whose shapes the user declares, since nobody can follow them: by their names in the project's settings,
 * or by a comment on a stub. A declared function is a library name with an operator of its own; what the notation
 * says is the catalogue's business.
 */
import { declareOperator, type Operator } from "../ops/index.ts";
import type { Chunk, FunctionDefinition, Span, Stmt } from "../program/syntax.ts";
import type { CallArguments } from "./calls.ts";
import { havoc } from "./havoc.ts";
import { applyKnown } from "./library.ts";
import type { Expr } from "../program/syntax.ts";
import type { Machine } from "./machine.ts";
import { argumentsFor } from "./sources.ts";
import { type ClassValue, UNKNOWN, type Value } from "./value.ts";

/** The declarations of a project, as a host reads them from its settings. The same settings give the same object. */
export interface Declarations {
  readonly path: string;
  /** The text of the settings, into which the spans point. */
  readonly text: string;
  readonly functions: readonly { readonly name: string; readonly text: string; readonly span: Span }[];
}

interface DeclaredFunction {
  readonly operator: Operator;
  readonly text: string;
  /** Where it is declared. */
  readonly owner: Chunk;
  readonly span: Span;
}

/** A declared name that may be found in one of the program's own files. */
interface Placed {
  /** The dotted name of the module. */
  readonly module: string;
  /** The class that it is a method of, if any. */
  readonly type: string | null;
  readonly member: string;
  /** The library name under which its operator is known. */
  readonly library: string;
}

/** What the files that have been run so far bring along. The first declaration of a name counts. */
export class Declared {
  readonly sources: Declarations[] = [];
  readonly functions = new Map<string, DeclaredFunction>();
  /** Library names whose calls make an object with declared methods. */
  readonly types = new Set<string>();
  readonly placed: Placed[] = [];
}

/** Takes over what the settings around a file declare. */
export function loadDeclarations(m: Machine, path: string): void {
  const declarations = m.host.settings?.declarations(path) ?? null;
  if (declarations === null || m.declared.sources.includes(declarations)) return;
  m.declared.sources.push(declarations);
  const owner: Chunk = { offset: 0, unit: { text: declarations.text, body: [], broken: false, directives: [] } };
  m.enterFile(owner, declarations.path);
  for (const { name, text, span } of declarations.functions) {
    const made = declareOperator(name, text, null);
    if ("operator" in made) declare(m, name, { operator: made.operator, text, owner, span });
  }
}

/** `ops.Fused`, `ops.Fused.__call__` and `ops.Fused.forward` are what calling an object of the class does. */
function declare(m: Machine, name: string, entry: DeclaredFunction): void {
  const { functions, types, placed } = m.declared;
  const parts = name.split(".");
  const last = parts.at(-1) ?? "";
  const isCall = /^[A-Z]/.test(last);
  const owner = isCall ? parts : parts.slice(0, -1);
  const type = /^[A-Z]/.test(owner.at(-1) ?? "") ? owner.at(-1) : undefined;
  const set = (library: string): void => {
    if (!functions.has(library)) functions.set(library, entry);
  };
  if (type === undefined) {
    set(name);
    placed.push({ module: parts.slice(0, -1).join("."), type: null, member: last, library: name });
    return;
  }
  const object = `${owner.join(".")}()`;
  const calls = isCall || last === "forward" || last === m.dialect.callMethod;
  types.add(owner.join("."));
  if (calls) set(object);
  else set(name);
  const member = isCall ? m.dialect.callMethod : last;
  const library = calls ? object : `${object}.${last}`;
  set(library);
  set(`${object}.${member}`);
  const module = owner.slice(0, -1).join(".");
  placed.push({ module, type, member: calls ? m.dialect.callMethod : member, library });
}

/** The result of calling a declared name, or of making an object with declared methods; null for any other name. */
export function callDeclared(m: Machine, name: string, args: CallArguments, expr: Expr): Value | null {
  const entry = m.declared.functions.get(name);
  if (entry !== undefined) {
    havoc(m, args.positional);
    havoc(m, args.named.values());
    if (args.open) return UNKNOWN;
    const { positional, named } = argumentsFor(args);
    const because = [{ owner: entry.owner, span: entry.span, message: "declared here" }];
    return applyKnown(m, entry.operator.names[0] ?? name, entry.operator, positional, named, expr, because);
  }
  if (!m.declared.types.has(name)) return null;
  havoc(m, args.positional);
  havoc(m, args.named.values());
  return { kind: "library", name: `${name}()` };
}

/** The value of a name of one of the program's modules that the settings declare; null for any other. */
export function declaredName(m: Machine, path: string, member: string): Value | null {
  const found = m.declared.placed.find(
    (one) => one.type === null && one.member === member && isIn(m, path, one.module),
  );
  return found === undefined ? null : { kind: "library", name: found.library };
}

/** The same for a name of a module that was not found, seen from a file with so many leading dots. */
export function declaredBeside(m: Machine, from: string, level: number, module: string, member: string): Value | null {
  const { placed } = m.declared;
  if (placed.length === 0) return null;
  const own = dottedName(m, from).split(".");
  const name = [...own.slice(0, own.length - level), ...(module === "" ? [] : [module])].join(".");
  const found = placed.find((one) => one.type === null && one.member === member && endsWith(name, one.module));
  return found === undefined ? null : { kind: "library", name: found.library };
}

function dottedName(m: Machine, path: string): string {
  return m.host.settings?.dotted(path) ?? "";
}

function isIn(m: Machine, path: string, module: string): boolean {
  return endsWith(dottedName(m, path).replace(/\.__init__$/, ""), module);
}

function endsWith(dotted: string, module: string): boolean {
  return module !== "" && (dotted === module || dotted.endsWith(`.${module}`));
}

/** Puts the declared methods of a class in the place of those that its body defines. */
export function declareMethods(m: Machine, type: ClassValue): void {
  for (const one of m.declared.placed) {
    if (one.type !== type.name || !isIn(m, m.frame.module.path, one.module)) continue;
    m.trail.set(type.attributes, one.member, { kind: "library", name: one.library });
  }
}

/**
 * What a function definition binds where it is declared, in the settings or by a comment; null where it is not. Its
 * own signature says how its operands can be passed.
 */
export function declaredFunction(m: Machine, definition: FunctionDefinition, isMethod: boolean): Value | null {
  const known = isMethod || m.frame !== m.frame.module ? null : declaredName(m, m.frame.module.path, definition.name);
  const entry = known?.kind === "library" ? m.declared.functions.get(known.name) : undefined;
  if (entry !== undefined && known?.kind === "library") {
    const made = declareOperator(entry.operator.names[0] ?? "", entry.text, operandNames(definition, isMethod));
    if ("operator" in made) m.declared.functions.set(known.name, { ...entry, operator: made.operator });
    return known;
  }
  return definition.declaration === null || !isStub(definition)
    ? null
    : stub(m, definition, definition.declaration, isMethod);
}

function stub(
  m: Machine,
  definition: FunctionDefinition,
  { text, span }: { readonly text: string; readonly span: Span },
  isMethod: boolean,
): Value | null {
  const made = declareOperator(definition.name, text, operandNames(definition, isMethod));
  if ("mistake" in made) {
    const { message, start, end } = made.mistake;
    const place = { start: span.start + start, end: span.start + end };
    m.report({ code: "declaration", severity: "warning", message, shapes: [], related: [], unnecessary: false }, place);
    return null;
  }
  const name = `${definition.name}@${m.siteName(definition.nameSpan)}`;
  m.declared.functions.set(name, { operator: made.operator, text, owner: m.chunk, span });
  return { kind: "library", name };
}

/** Null where the signature gathers arguments, so that it does not tell what they are called. */
function operandNames({ parameters, decorators }: FunctionDefinition, isMethod: boolean): readonly string[] | null {
  if (parameters.some(({ kind }) => kind === "rest" || kind === "keywords")) return null;
  const isStatic = decorators.some((each) => each.kind === "name" && each.id === "staticmethod");
  return parameters.slice(isMethod && !isStatic ? 1 : 0).map(({ name }) => name);
}

/** Decorators that make an operator out of a function, whatever its body does. */
const OPAQUE = /^(?:custom_op|triton_op|register_fake|impl_abstract|jit|kernel)$/;

/** A function that says what there is, and not how it is done. */
export function isStub({ body, decorators }: FunctionDefinition): boolean {
  if (body.every(saysNothing)) return true;
  return decorators.some((decorator) => {
    const callee = decorator.kind === "call" ? decorator.callee : decorator;
    return OPAQUE.test(callee.kind === "attribute" ? callee.name : callee.kind === "name" ? callee.id : "");
  });
}

function saysNothing(statement: Stmt): boolean {
  if (statement.kind === "pass" || statement.kind === "raise") return true;
  return statement.kind === "expression" && statement.value.kind === "literal";
}

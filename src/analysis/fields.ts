/**
 * Classes of which the fields are listed: dataclasses and named tuples. It knows how their constructors
 * fill the fields, and what asks for all fields at once.
 */
import type { Argument, Expr, Stmt } from "../program/syntax.ts";
import { classLookup } from "./attributes.ts";
import { type CallArguments, callFunction, callValue, plainArguments } from "./calls.ts";
import { instantiate } from "./classes.ts";
import { deepCopy } from "./copies.ts";
import { iterate } from "./iteration.ts";
import type { Machine } from "./machine.ts";
import { type ClassValue, type InstanceValue, listOf, stringOf, tupleOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

interface Field {
  readonly name: string;
  readonly hasDefault: boolean;
  /** Given to the constructor by name alone. */
  readonly byName: boolean;
  /** Given to `__post_init__` rather than kept. */
  readonly passing: boolean;
}

/** The annotated fields of a dataclass or named tuple, base classes first. */
function fieldsOf(type: ClassValue): readonly Field[] {
  const fields = new Map<string, Field>();
  for (const owner of [...type.bases].toReversed().concat(type)) {
    if (typeof owner === "string") continue;
    for (const name of owner.fields ?? []) {
      const defaults = owner.attributes.has(name);
      fields.set(name, { name, hasDefault: defaults, byName: false, passing: false });
    }
    if (owner.fields !== undefined) continue;
    let byName = owner.definition.decorators.some(takesNamesOnly);
    for (const statement of owner.definition.body) {
      const annotation = annotationOf(statement);
      const target =
        statement.kind === "assign" ? statement.targets[0] : statement.kind === "declare" ? statement.target : null;
      if (annotation === null || target?.kind !== "name" || annotation === "ClassVar") continue;
      if (annotation === "KW_ONLY") byName = true;
      else {
        const hasDefault = statement.kind === "assign";
        fields.set(target.id, { name: target.id, hasDefault, byName, passing: annotation === "InitVar" });
      }
    }
  }
  return [...fields.values()];
}

/** The last name of a statement's annotation without its parameters; null where it has none. */
function annotationOf(statement: Stmt): string | null {
  if (statement.kind !== "declare" && statement.kind !== "assign") return null;
  let annotation: Expr | null = statement.annotation;
  while (annotation?.kind === "index") annotation = annotation.object;
  if (annotation === null) return null;
  if (annotation.kind === "literal" && annotation.value.type === "string")
    return /(\w+)\s*(?:\[|$)/.exec(annotation.value.value)?.[1] ?? "";
  return annotation.kind === "attribute" ? annotation.name : annotation.kind === "name" ? annotation.id : "";
}

function takesNamesOnly(decorator: Expr): boolean {
  return decorator.kind === "call" && decorator.args.some((arg) => arg.name === "kw_only" && isTrue(arg));
}

function isTrue({ value }: Argument): boolean {
  return value.kind === "literal" && value.value.type === "bool" && value.value.value;
}

/** Values by field, as the constructor binds them; null where the arguments do not fit. */
function fieldValues(m: Machine, type: ClassValue, args: CallArguments): Map<Field, Value> | null {
  const positional = [...args.positional];
  const values = new Map<Field, Value>();
  for (const field of fieldsOf(type)) {
    const made = field.hasDefault ? fieldDefault(m, type, field.name) : null;
    if (made === "absent") continue;
    const given = (field.byName ? undefined : positional.shift()) ?? args.named.get(field.name);
    const value = given ?? (args.open ? UNKNOWN : made === null ? null : made());
    if (value === null) return null;
    values.set(field, value);
  }
  return positional.length > 0 ? null : values;
}

/** How the default of a field is made; `absent` where the constructor takes and sets nothing for it. */
function fieldDefault(m: Machine, type: ClassValue, name: string): (() => Value | null) | "absent" {
  const value = classLookup(type, name, (found) => found);
  if (value?.kind !== "record" || value.name !== "dataclasses.field") return () => value ?? UNKNOWN;
  const { fields } = value;
  const factory = fields.get("default_factory");
  const init = fields.get("init");
  if (init?.kind === "bool" && init.value === false && factory === undefined && !fields.has("default")) return "absent";
  if (factory !== undefined)
    return () => callValue(m, factory, plainArguments(), type.definition.decorators[0] ?? NOWHERE);
  return () => fields.get("default") ?? null;
}

const NOWHERE: Expr = { kind: "name", id: "", span: { start: 0, end: 0 } };

export function constructDataclass(
  m: Machine,
  self: InstanceValue,
  type: ClassValue,
  args: CallArguments,
  expr: Expr,
): void {
  const values = fieldValues(m, type, args);
  if (values === null) {
    m.trail.set(self.state, "open", true);
    return;
  }
  for (const [field, value] of values) if (!field.passing) m.trail.set(self.attributes, field.name, value);
  const passed = [...values].flatMap(([field, value]) => (field.passing ? [value] : []));
  const after = classLookup(type, "__post_init__", (value) => value);
  if (after?.kind === "function") callFunction(m, after, plainArguments(self, ...passed), expr);
}

/** An instance of a named tuple. */
export function recordOf(m: Machine, type: ClassValue, args: CallArguments): Value {
  const values = fieldValues(m, type, args);
  if (values === null) return UNKNOWN;
  return {
    kind: "record",
    name: type.name,
    fields: new Map([...values].map(([{ name }, value]) => [name, value])),
    type,
  };
}

/** `P._make(items)` */
export function recordFromItems(m: Machine, type: ClassValue, items: Value): Value {
  const all = iterate(m, items);
  return all === null || !all.exact ? UNKNOWN : recordOf(m, type, plainArguments(...all.elements));
}

export function fieldNames(type: ClassValue): Value {
  return tupleOf(fieldsOf(type).map(({ name }) => stringOf(name)));
}

/** `namedtuple("P", "x y", defaults=…)`: a class with these fields. */
export function namedTupleClass(m: Machine, args: CallArguments): Value {
  const [name = UNKNOWN, fields] = args.positional;
  const listed = fields ?? args.named.get("field_names");
  const split =
    listed?.kind === "string" && listed.value !== null ? listOf(listed.value.split(/[\s,]+/).map(stringOf)) : listed;
  const all = split === undefined ? null : iterate(m, split);
  const names = all?.elements.map((item) => (item.kind === "string" ? (item.value ?? "") : "")) ?? [];
  const defaults = args.named.has("defaults") ? iterate(m, args.named.get("defaults") ?? UNKNOWN) : null;
  const others = [...args.named.keys()].some((key) => key !== "defaults" && key !== "field_names");
  if (
    all === null ||
    !all.exact ||
    names.includes("") ||
    others ||
    (args.named.has("defaults") && defaults?.exact !== true)
  )
    return UNKNOWN;
  const values = defaults?.elements ?? [];
  const attributes = new Map(values.map((value, i) => [names[names.length - values.length + i] ?? "", value] as const));
  const title = name.kind === "string" ? (name.value ?? "") : "";
  const span = { start: 0, end: 0 };
  return {
    kind: "class",
    name: title,
    definition: {
      kind: "class",
      name: title,
      nameSpan: span,
      bases: [],
      decorators: [],
      body: [],
      docstring: null,
      span,
    },
    owner: m.chunk,
    closure: m.frame,
    attributes,
    fields: names,
    bases: [],
    open: false,
    form: "namedtuple",
  };
}

/** `replace(config, width=3)` runs the constructor anew. */
export function replaceFields(m: Machine, args: CallArguments, expr: Expr): Value {
  const value = follow(args.positional[0] ?? UNKNOWN);
  if (value.kind !== "instance" || value.class?.form !== "dataclass" || args.open) return UNKNOWN;
  const named = new Map<string, Value>();
  for (const { name, passing } of fieldsOf(value.class)) {
    const absent = fieldDefault(m, value.class, name) === "absent";
    const kept = args.named.get(name) ?? (passing || absent ? undefined : value.attributes.get(name));
    if (kept !== undefined) named.set(name, follow(kept));
  }
  return instantiate(m, value.class, { ...plainArguments(), named }, expr);
}

/** `asdict(config)`: fields that are dataclasses are dicts as well. */
export function asDict(m: Machine, value: Value): Value {
  return inParts(m, value, (fields) => ({
    kind: "dict",
    entries: new Map([...fields].map(([name, part]) => [`s:${name}`, part])),
  }));
}

export function asTupleOfFields(m: Machine, value: Value): Value {
  return inParts(m, value, (fields) => tupleOf([...fields.values()]));
}

function inParts(m: Machine, value: Value, make: (fields: ReadonlyMap<string, Value>) => Value): Value {
  const seen = follow(value);
  if (seen.kind === "tuple") return tupleOf(seen.items.map((item) => inParts(m, item, make)));
  const content = seen.kind === "list" ? seen.cell.get("content") : undefined;
  if (content !== undefined && "items" in content) return listOf(content.items.map((item) => inParts(m, item, make)));
  if (seen.kind !== "instance" || seen.class?.form !== "dataclass") return deepCopy(m, seen);
  const { attributes } = seen;
  const fields = fieldsOf(seen.class).filter(({ passing }) => !passing);
  return make(new Map(fields.map(({ name }) => [name, inParts(m, attributes.get(name) ?? UNKNOWN, make)])));
}

export function fieldList(value: Value): Value {
  const seen = follow(value);
  const type = seen.kind === "instance" ? seen.class : seen.kind === "class" ? seen : null;
  if (type?.form !== "dataclass") return UNKNOWN;
  const fields = fieldsOf(type).filter(({ passing }) => !passing);
  return tupleOf(
    fields.map(({ name }) => ({ kind: "record", name: "Field", fields: new Map([["name", stringOf(name)]]) })),
  );
}

/**
 * The general view of a function: run by itself, with its parameters open, so that what its signature
 * and its body say can be shown where nobody calls it. And one open instance for each class.
 */
import { resetTo } from "./roots.ts";
import { construct, newInstance } from "./classes.ts";
import { classLookup } from "./attributes.ts";
import { runGeneral } from "./calls.ts";
import type { Machine } from "./machine.ts";
import { changingAttributes, isPartOfConstructor, mutatedAttributes } from "./mutators.ts";
import { openFields } from "./types.ts";
import { type ClassValue, type FunctionValue, UNKNOWN, type Value } from "./value.ts";

/**
 * An instance as its constructor leaves it for open arguments. What other methods change is not known,
 * since they may have run before.
 */
export function generalInstance(m: Machine, type: ClassValue): Value {
  const known = m.generalInstances.get(type.definition);
  if (known !== undefined) return known;
  if (type.form === "enum" || type.form === "namedtuple") return UNKNOWN;
  if (type.form === "dataclass" && classLookup(type, m.dialect.constructorMethod, () => true) !== true)
    return openFields(m, type);
  const self = newInstance(m, type);
  m.generalInstances.set(type.definition, self);
  const wasGeneral = m.general;
  const { crashed, failing } = m;
  const { names, conventions, customs } = m.solver;
  const [records, findings] = [m.records.length, m.findings.length];
  m.solver.names = new Map();
  m.solver.conventions = new Map();
  m.solver.customs = null;
  m.crashed = m.failing = false;
  const outer = { context: m.context, nested: m.nested, stack: [...m.callStack], activations: [...m.activations] };
  m.general = true;
  m.context = null;
  const constructor = classLookup(type, m.dialect.constructorMethod, (value, definedIn) => ({ value, definedIn }));
  if (constructor?.value.kind === "function") {
    const inherited = constructor.definedIn !== type;
    const call = { owner: type.owner, span: type.definition.nameSpan };
    runGeneral(m, constructor.value, self, inherited ? { parent: null, call, within: null, open: true } : null);
  } else {
    construct(
      m,
      self,
      type,
      { positional: [], named: new Map(), open: true, sources: new Map() },
      { kind: "name", id: type.name, span: type.definition.nameSpan },
    );
  }
  m.general = wasGeneral;
  m.instanceViews.set(type.definition, m.takeView(records, findings));
  m.instanceNames.set(type.definition, m.solver.names);
  m.solver.names = names;
  m.solver.conventions = conventions;
  m.solver.customs = customs;
  m.crashed = crashed;
  m.failing = failing;
  m.context = outer.context;
  m.nested = outer.nested;
  for (const name of mutatedAttributes(type)) if (self.attributes.has(name)) self.attributes.set(name, UNKNOWN);
  m.complete.add(self);
  return self;
}

/** Whether a function is a constructor, which the general instance of its class shows. */
export function isConstructor(m: Machine, { definition, definedIn }: FunctionValue): boolean {
  return definedIn !== null && definition.kind === "function" && definition.name === m.dialect.constructorMethod;
}

/** Runs a function in general and takes back whatever it did. */
export function viewInGeneral(m: Machine, target: FunctionValue): void {
  const { definition, definedIn } = target;
  const self =
    definedIn === null || target.binding === "static"
      ? null
      : target.binding === "class"
        ? definedIn
        : generalInstance(m, definedIn);
  const mark = m.trail.mark();
  const facts = m.solver.facts;
  const outer = m.nested;
  m.solver.conventions = new Map();
  m.solver.names = new Map(definedIn === null ? [] : (m.instanceNames.get(definedIn.definition) ?? []));
  if (
    self?.kind === "instance" &&
    definedIn !== null &&
    definition.kind === "function" &&
    isPartOfConstructor(definedIn, definition.name)
  ) {
    for (const name of changingAttributes(definedIn))
      if (self.attributes.has(name)) m.trail.set(self.attributes, name, UNKNOWN);
  }
  m.nested = [];
  m.general = true;
  m.context = null;
  m.crashed = m.failing = false;
  runGeneral(m, target, self, null);
  for (const inner of m.nested) m.endedFrames.add(inner.closure);
  for (const inner of m.nested) runGeneral(m, inner, null, null);
  m.endedFrames.clear();
  m.general = false;
  m.nested = outer;
  resetTo(m, mark, facts);
}

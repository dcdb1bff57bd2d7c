/**
 * What the run of a module tells about the program beyond the values of names: library names that it replaced, settings,
 * functions that it handed out. It is taken down where the run is over, and done again where the module is imported.
 */
import type { Declared } from "./declared.ts";
import { addHandedOut } from "./havoc.ts";
import type { Machine } from "./machine.ts";
import type { FunctionValue } from "./value.ts";

/** What a run tells about the program beyond the values of names. */
export interface Effects {
  readonly patched: readonly string[];
  readonly settings: readonly boolean[];
  readonly handedOut: ReadonlyMap<object, FunctionValue>;
  readonly overridden: ReadonlyMap<object, ReadonlySet<string>>;
  readonly mixed: ReadonlySet<object>;
  readonly assignedOutside: ReadonlySet<string>;
  readonly declared: Declared["functions"];
  readonly folders: ReadonlySet<string>;
}

export function settingsOf(m: Machine): readonly boolean[] {
  return [m.otherDefaultFloat, m.otherMemoryFormat, m.jaxIn64Bits];
}

/** What a run adds to the effects of the units that it imports. */
export function effectsOf(m: Machine, imported: Iterable<{ readonly effects: Effects }>): Effects {
  const known = [...imported].map(({ effects }) => effects);
  const isNew = (has: (effects: Effects) => boolean): boolean => !known.some(has);
  return {
    patched: [...m.patched.keys()].filter((name) => isNew((one) => one.patched.includes(name))),
    settings: settingsOf(m),
    handedOut: new Map([...m.handedOut].filter(([key]) => isNew((one) => one.handedOut.has(key)))),
    overridden: new Map(
      [...m.overridden].flatMap(([base, all]) => {
        const names = [...all].filter((name) => isNew((one) => one.overridden.get(base)?.has(name) === true));
        return names.length === 0 ? [] : [[base, new Set(names)] as const];
      }),
    ),
    mixed: new Set([...m.mixed].filter((base) => isNew((one) => one.mixed.has(base)))),
    assignedOutside: new Set([...m.assignedOutside].filter((name) => isNew((one) => one.assignedOutside.has(name)))),
    folders: m.folders,
    declared: new Map(
      [...m.declared.functions].filter(([name, made]) => isNew((one) => one.declared.get(name) === made)),
    ),
  };
}

export function applyEffects(m: Machine, effects: Effects): void {
  const { patched, settings, handedOut, overridden, mixed, assignedOutside, declared, folders } = effects;
  for (const name of folders) m.folders.add(name);
  for (const [name, made] of declared) m.declared.functions.set(name, made);
  for (const name of patched) m.trail.set(m.patched, name, true);
  m.otherDefaultFloat ||= settings[0] === true;
  m.otherMemoryFormat ||= settings[1] === true;
  m.jaxIn64Bits ||= settings[2] === true;
  for (const target of handedOut.values()) addHandedOut(m, target);
  for (const base of mixed) m.mixed.add(base);
  for (const name of assignedOutside) m.assignedOutside.add(name);
  for (const [base, names] of overridden) {
    const known = m.overridden.get(base) ?? new Set();
    m.overridden.set(base, known);
    for (const name of names) known.add(name);
  }
}

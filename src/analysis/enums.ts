/**
 * Enumerations: their members are objects that are equal to themselves alone, with a name and a value.
 * Members that are numbers or strings as well are not told apart from those.
 */
import type { Machine } from "./machine.ts";
import { equalValues } from "./equality.ts";
import { newMap } from "./trail.ts";
import { type ClassValue, type InstanceValue, stringOf, UNKNOWN, type Value } from "./value.ts";

/** Makes members of what the body of an enumeration binds. */
export function makeMembers(m: Machine, type: ClassValue): void {
  const plain = type.bases.every((base) => typeof base !== "string" || base === "enum.Enum") && !type.open;
  const made: InstanceValue[] = [];
  for (const [name, value] of type.attributes) {
    if (value.kind === "function" || name.startsWith("_") || value.kind === "class" || value.kind === "instance")
      continue;
    const same = plain
      ? made.find((member) => equalValues(m, member.attributes.get("value") ?? UNKNOWN, value) !== "no")
      : undefined;
    const certain = same === undefined || equalValues(m, same.attributes.get("value") ?? UNKNOWN, value) === "yes";
    if (!plain || !certain) type.attributes.set(name, UNKNOWN);
    else type.attributes.set(name, same ?? member(m, type, name, value, made));
  }
}

function member(m: Machine, type: ClassValue, name: string, value: Value, made: InstanceValue[]): InstanceValue {
  const attributes = newMap(
    new Map<string, Value>([
      ["name", stringOf(name)],
      ["value", value],
    ]),
  );
  const instance: InstanceValue = {
    kind: "instance",
    id: m.nextInstance(),
    class: type,
    library: null,
    attributes,
    core: new Map(),
    state: new Map(),
  };
  made.push(instance);
  return instance;
}

/** The members of an enumeration in order; null where one of them is not known. */
export function membersOf(type: ClassValue): readonly InstanceValue[] | null {
  const values = [...type.attributes].filter(([name, { kind }]) => !name.startsWith("_") && kind !== "function");
  const members = values.flatMap(([, value]) =>
    value.kind === "instance" && value.class?.form === "enum" ? [value] : [],
  );
  return members.length < values.length ? null : members.filter((one, i) => members.indexOf(one) === i);
}

/** `Mode("mean")` and `Mode["MEAN"]`. */
export function findMember(m: Machine, type: ClassValue, attribute: "name" | "value", wanted: Value): Value {
  const members = membersOf(type) ?? [];
  const answers = members.map((one) => equalValues(m, one.attributes.get(attribute) ?? UNKNOWN, wanted));
  return answers.includes("maybe") ? UNKNOWN : (members[answers.indexOf("yes")] ?? UNKNOWN);
}

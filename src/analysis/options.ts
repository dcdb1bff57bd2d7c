/**
 * Work on a value that is one of several: each option is tried from the same state, and what comes of
 * them is joined. An option that cannot be (None has no attributes) does not count if another can.
 */
import { fork } from "./conditions.ts";
import { joinAll } from "./join.ts";
import type { Machine } from "./machine.ts";
import { resolveValue } from "./records.ts";
import type { Value } from "./value.ts";

/**
 * Applies `action` to every option. `None` is left out when there is anything else: what is done here
 * would raise for it. A problem is only certain if every option has one.
 */
export function mapOptions(
  m: Machine,
  value: Extract<Value, { kind: "union" }>,
  action: (option: Value) => Value,
): Value {
  const some = value.options.filter((option) => option.kind !== "none");
  const before = m.findings.length;
  let clean = false;
  const results = fork(
    m,
    some.map((option) => () => {
      const count = m.findings.length;
      const result = action(option);
      if (m.findings.length === count) clean = true;
      return resolveValue(m, result);
    }),
  );
  if (clean || some.length !== 1) m.findings.length = Math.min(m.findings.length, clean ? before : m.findings.length);
  return joinAll(results);
}

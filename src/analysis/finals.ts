/**
 * What has to run wherever control leaves a piece of code: `finally`, and leaving the managers of a `with`.
 * A `return`, `break` or `continue` inside leaves with the state that these make of it.
 */
import type { Completion, Machine } from "./machine.ts";

export interface Final {
  readonly run: () => Completion;
  /** How many functions and loops were running where it was set up. */
  readonly activations: number;
  readonly loops: number;
}

/** Runs `body`; whatever leaves it runs `run` first. The caller runs it for the end of the body. */
export function withFinal<T>(m: Machine, run: () => Completion, body: () => T): T {
  m.finals.push({ run, activations: m.activations.length, loops: m.loops.length });
  const result = body();
  m.finals.pop();
  return result;
}

/** Calls `then` in the state in which control leaves the running function, or the running loop. */
export function leaveThrough(m: Machine, leaves: "function" | "loop", then: () => void): void {
  const { finals } = m;
  const passed = finals.filter(
    ({ activations, loops }) =>
      activations === m.activations.length && (leaves === "function" || loops >= m.loops.length),
  );
  if (passed.length === 0) return then();
  const mark = m.trail.mark();
  const { facts } = m.solver;
  m.finals = finals.slice(0, finals.length - passed.length);
  if (passed.toReversed().every(({ run }) => run() === "normal")) then();
  m.finals = finals;
  m.trail.undo(mark);
  m.solver.facts = facts;
}

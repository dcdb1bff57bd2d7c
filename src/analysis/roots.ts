/** Takes the machine back to an earlier state between two independent pieces of work. */
import type { Facts } from "../shapes/index.ts";
import type { Machine } from "./machine.ts";

export function resetTo(m: Machine, mark: number, facts: Facts): void {
  m.trail.undo(mark);
  m.solver.facts = facts;
  m.stopped = m.exhausted === "cancelled";
}

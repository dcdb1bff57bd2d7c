/**
 * What is taken for granted of the inputs of a function that nobody calls: that images and signals come in batches.
 * Whatever in the program says otherwise wins, and what is found only with it is no finding.
 */
import type { Sym } from "../shapes/index.ts";
import type { Sight } from "./facts.ts";
import { viewInGeneral } from "./general.ts";
import type { Machine, View } from "./machine.ts";
import type { FunctionValue } from "./value.ts";

const CAUSE = { text: "taken as batched, as nobody calls this function", place: null };

/** Sees a function in general, by custom where nothing tells the rank of its inputs. True if anything was taken for granted. */
export function viewByCustom(m: Machine, target: FunctionValue): boolean {
  const [records, findings] = [m.records.length, m.findings.length];
  const batches = new Map<Sym, Sym>();
  m.solver.customs = { cause: CAUSE, batches };
  viewInGeneral(m, target);
  m.solver.customs = null;
  if (batches.size === 0 || m.findings.length === findings) return batches.size > 0;
  const seen = m.records.splice(records);
  const found = m.findings.splice(findings);
  viewInGeneral(m, target);
  if (m.findings.length - findings < found.length) return false;
  m.records.length = records;
  for (const record of seen) m.records.push(record);
  return true;
}

/** The definitions of functions that the program calls with values of its own. */
export function calledIn(groups: readonly (readonly Sight[])[]): Set<object | null> {
  const called = new Set<object | null>();
  for (const sights of groups) {
    for (const { context, record } of sights) if (context?.open === false) called.add(record.within);
  }
  return called;
}

/** Whether some call hands a function arrays of another rank than a view of it took for granted. */
export function isContradicted(custom: View, views: readonly View[]): boolean {
  const ranks = new Map<object, Map<number, number>>();
  for (const { role, shape, record } of custom.sights) {
    if (role !== "parameter" || shape === null || shape.lead !== null || record.context !== null) continue;
    const ofChunk = ranks.get(record.owner) ?? new Map<number, number>();
    ranks.set(record.owner, ofChunk.set(record.span.start, shape.dims.length));
  }
  return views.some(({ sights }) =>
    sights.some(({ role, shape, record }) => {
      if (role !== "parameter" || shape === null || shape.lead !== null || record.context === null) return false;
      const rank = ranks.get(record.owner)?.get(record.span.start);
      return rank !== undefined && rank !== shape.dims.length;
    }),
  );
}

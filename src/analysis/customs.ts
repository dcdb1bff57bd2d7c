/**
 * What is taken for granted of the inputs of a function that nobody calls: that images and signals come in batches.
 * Whatever in the program says otherwise wins, and what is found only with it is no finding.
 */
import { type Customs, entryOf } from "../shapes/index.ts";
import type { Sight } from "./facts.ts";
import { viewInGeneral } from "./general.ts";
import type { Machine, View } from "./machine.ts";
import type { FunctionValue } from "./value.ts";

const CAUSE = { text: "taken as batched, as nobody calls this function", place: null };

/** Sees a function in general, by custom where nothing tells the rank of its inputs. True if anything was taken for granted. */
export function viewByCustom(m: Machine, target: FunctionValue): boolean {
  const [records, findings] = [m.records.length, m.findings.length];
  const customs: Customs = { cause: CAUSE, batches: new Set(), used: false };
  m.solver.customs = customs;
  viewInGeneral(m, target);
  m.solver.customs = null;
  if (!customs.used || m.findings.length === findings) return customs.used;
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
  for (const sights of groups) for (const one of summaryOf(sights).called) called.add(one);
  return called;
}

/** What views and calls say of the ranks of parameters: which calls hand over others than a view took for granted. */
export class HandedRanks {
  readonly #ranks = new Map<object, Map<number, Set<number>>>();

  constructor(views: readonly View[]) {
    for (const { sights } of views) {
      for (const { owner, start, rank } of summaryOf(sights).handed)
        entryOf(
          entryOf(this.#ranks, owner, () => new Map<number, Set<number>>()),
          start,
          () => new Set<number>(),
        ).add(rank);
    }
  }

  contradict({ sights }: View): boolean {
    return summaryOf(sights).own.some(({ owner, start, rank }) => {
      const handed = this.#ranks.get(owner)?.get(start);
      return handed !== undefined && (handed.size > 1 || !handed.has(rank));
    });
  }
}

interface Parameter {
  readonly owner: object;
  readonly start: number;
  readonly rank: number;
}

/** What matters here of the sights of one run or view: an edit leaves most of them as they are. */
interface Summary {
  readonly called: ReadonlySet<object | null>;
  /** Parameters in the general view, and as calls hand them over. */
  readonly own: readonly Parameter[];
  readonly handed: readonly Parameter[];
}

const summaries = new WeakMap<readonly Sight[], Summary>();

function summaryOf(sights: readonly Sight[]): Summary {
  const known = summaries.get(sights);
  if (known !== undefined) return known;
  const called = new Set<object | null>();
  const own: Parameter[] = [];
  const handed: Parameter[] = [];
  for (const { role, shape, context, record } of sights) {
    if (context?.open === false) called.add(record.within);
    if (role !== "parameter" || shape === null || shape.lead !== null) continue;
    const list = context === null ? own : handed;
    list.push({ owner: record.owner, start: record.span.start, rank: shape.dims.length });
  }
  const summary = { called, own, handed };
  summaries.set(sights, summary);
  return summary;
}

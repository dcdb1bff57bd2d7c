/**
 * Remedies for findings, each tried on the program before it is offered.
 */
import type { Finding } from "../analysis/result.ts";
import type { Engine, Files, View } from "../editor/index.ts";
import type { Candidate } from "./candidate.ts";
import { candidatesFor } from "./candidates.ts";
import { caseOf } from "./case.ts";
import { updatedComment } from "./comments.ts";
import type { Edit } from "./edits.ts";
import { Trials } from "./trials.ts";

export { applied, type Edit } from "./edits.ts";

export interface Fix {
  /** What will be true: "Transpose `k`: (B, 8, T, T)". */
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** How many remedies are offered for one finding, tried for it, and how many steps of analysis trials may take. */
const OFFERED = 4;
const TRIED = 90;
const STEPS = 250_000;
/** A remedy that is this much further away than the best is not offered beside it. */
const FARTHER = 1.2;

/** Tries remedies for one finding, in steps between which others may work; the best first. */
export class Fixer {
  readonly #view: View;
  readonly #trials: Trials;
  readonly #known = new Map<string, readonly Fix[]>();

  /** `entries` are the files that were analysed together for the view; the engine is used for nothing else. */
  constructor(files: Files, engine: Engine, entries: readonly string[], view: View) {
    this.#view = view;
    this.#trials = new Trials(files, engine, entries, view);
  }

  /** All at once. */
  fixesFor(finding: Finding): readonly Fix[] {
    const work = this.search(finding);
    for (;;) {
      const { done, value } = work.next();
      if (done === true) return value;
    }
  }

  *search(finding: Finding, cancelled: () => boolean = () => false): Generator<void, readonly Fix[]> {
    const key = `${finding.span.path} ${finding.span.start} ${finding.span.end} ${finding.code}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const fixes = yield* this.#proven(finding, this.#candidatesFor(finding), cancelled);
    if (!cancelled()) this.#known.set(key, fixes);
    return fixes;
  }

  #candidatesFor(finding: Finding): readonly Candidate[] {
    if (finding.code === "stale-shape-comment") return updatedComment(this.#view, finding);
    const c = caseOf(this.#view, finding);
    return c === null ? [] : candidatesFor(c);
  }

  *#proven(
    finding: Finding,
    candidates: readonly Candidate[],
    cancelled: () => boolean,
  ): Generator<void, readonly Fix[]> {
    const fixes: Fix[] = [];
    const limit = this.#trials.steps + STEPS;
    let best = Infinity;
    for (const { edits, title, cost, probe } of candidates.slice(0, TRIED)) {
      if (cancelled() || this.#trials.steps > limit || cost > best + FARTHER || fixes.length === OFFERED) break;
      const proof = yield* this.#trials.run({ edits, probe: probe ?? null }, finding, cancelled);
      if (proof === null) continue;
      best = Math.min(best, cost);
      fixes.push({ title: proof.result === null ? title : `${title}: ${proof.result}`, edits });
    }
    return fixes;
  }
}

/**
 * Remedies for findings, each tried on the program before it is offered.
 */
import type { Finding } from "../analysis/result.ts";
import { Project, type Engine, type Files, type View } from "../editor/index.ts";
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
const TRIED = 110;
const STEPS = 250_000;
/** A remedy that is this much further away than the best is not offered beside it. */
const FARTHER = 1.2;

interface ProgramUnderTrial {
  readonly view: View;
  readonly trials: Trials;
}

function candidatesIn(view: View, finding: Finding): readonly Candidate[] {
  if (finding.code === "stale-shape-comment") return updatedComment(view, finding);
  const c = caseOf(view, finding);
  return c === null ? [] : candidatesFor(c);
}

/** Tries remedies for one finding, in steps between which others may work; the best first. */
export class Fixer {
  readonly #files: Files;
  readonly #engine: Engine;
  readonly #entries: readonly string[];
  readonly #view: View;
  /** By the file of a finding that was only imported: what is known inside of it is seen when it is an entry too. */
  readonly #programs = new Map<string, ProgramUnderTrial>();
  readonly #known = new Map<string, readonly Fix[]>();

  /** `entries` are the files that were analysed together for the view; the engine is used for nothing else. */
  constructor(files: Files, engine: Engine, entries: readonly string[], view: View) {
    this.#files = files;
    this.#engine = engine;
    this.#entries = entries;
    this.#view = view;
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
    const fixes = yield* this.#proven(finding, this.#programFor(finding), cancelled);
    if (!cancelled()) this.#known.set(key, fixes);
    return fixes;
  }

  #programFor({ span: { path } }: Finding): ProgramUnderTrial {
    const key = this.#entries.includes(path) ? "" : path;
    const known = this.#programs.get(key);
    if (known !== undefined) return known;
    const entries = key === "" ? this.#entries : [...this.#entries, path];
    const view = key === "" ? this.#view : new Project(this.#files, this.#engine).analyze(entries)?.view;
    const seen = view ?? this.#view;
    const program = { view: seen, trials: new Trials(this.#files, this.#engine, entries, seen) };
    this.#programs.set(key, program);
    return program;
  }

  *#proven(
    finding: Finding,
    { view, trials }: ProgramUnderTrial,
    cancelled: () => boolean,
  ): Generator<void, readonly Fix[]> {
    const fixes: Fix[] = [];
    const limit = trials.steps + STEPS;
    let best = Infinity;
    for (const { edits, title, cost, probe } of candidatesIn(view, finding).slice(0, TRIED)) {
      if (cancelled() || trials.steps > limit || cost > best + FARTHER || fixes.length === OFFERED) break;
      const proof = yield* trials.run({ edits, probe: probe ?? null }, finding, cancelled);
      if (proof === null) continue;
      best = Math.min(best, cost);
      fixes.push({ title: proof.result === null ? title : `${title}: ${proof.result}`, edits });
    }
    return fixes;
  }
}

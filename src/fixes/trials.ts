/**
 * The program with an edit, analysed beside the real one: whether a finding is gone, nothing new was found, and all that
 * was known still is. It knows projects and results, and no remedies.
 */
import type { Fact, FileSpan, Finding } from "../analysis/result.ts";
import { factsOn, isAnything, Project, type Engine, type Files, type View } from "../editor/index.ts";
import { CALLED } from "./case.ts";
import { applied, movedEnd, movedStart, type Edit } from "./edits.ts";

/** What a trial showed: the value of the operation that had failed, in words, and what the analysis took. */
export interface Proof {
  readonly result: string | null;
}

export interface Trial {
  readonly edits: readonly Edit[];
  /** An expression that must be known once it is edited. */
  readonly probe: FileSpan | null;
}

/** Lives as long as the findings of one analysis are looked at. */
export class Trials {
  /** Steps of analysis that all trials took. */
  steps = 0;
  readonly #entries: readonly string[];
  readonly #before: View;
  readonly #project: Project;
  #edits: readonly Edit[] = [];

  constructor(files: Files, engine: Engine, entries: readonly string[], before: View) {
    this.#entries = entries;
    this.#before = before;
    const text = (path: string): string | null => {
      const known = before.sources.program(path)?.text ?? files.text(path);
      return known === null ? null : applied(path, known, this.#edits);
    };
    this.#project = new Project(
      {
        text,
        link: () => null,
        isFile: (path) => files.isFile(path),
        rootOf: (path) => files.rootOf(path),
        packages: (path) => files.packages?.(path) ?? null,
        segment: (name) => files.segment(name),
      },
      engine,
    );
  }

  /** Analyses the program with these edits, in steps; the proof that they mend the finding, or null. */
  *run(trial: Trial, finding: Finding, cancelled: () => boolean): Generator<void, Proof | null> {
    this.#edits = trial.edits;
    const steps = this.#project.begin(this.#entries, { cancelled });
    while (steps.next()) yield;
    const after = steps.analysis()?.view ?? null;
    if (after === null) return null;
    this.steps += after.result.statistics.steps;
    return proofOf(this.#before, after, trial, finding);
  }
}

function proofOf(before: View, after: View, { edits, probe }: Trial, finding: Finding): Proof | null {
  if (after.result.statistics.exhausted !== null && before.result.statistics.exhausted === null) return null;
  const others = allFindings(before).filter(
    (each) => keyOf(each.span, each.code) !== keyOf(finding.span, finding.code),
  );
  const known = new Set(others.map((each) => keyOf(moved(each.span, edits), each.code)));
  if (allFindings(after).some((each) => !known.has(keyOf(each.span, each.code)))) return null;
  if (!allPrograms(after, edits)) return null;
  if (probe !== null && !valuesAt(after, moved(probe, edits)).some(isKnown)) return null;
  const span = moved(finding.span, edits);
  const values = valuesAt(after, span);
  if (values.length > 0 && values.every((fact) => !isKnown(fact))) return null;
  if (unknownCount(after) > unknownCount(before)) return null;
  const [value] = values.filter(isKnown);
  if (value !== undefined && (isOuter(value, finding) || isVaguer(value, finding))) return null;
  if (allFindings(after).some((each) => each.severity === "error" && isRelated(after, each, finding, edits)))
    return null;
  return { result: value?.kind === "tensor" ? value.text : null };
}

/** A product of every element with every other silences the error, and is hardly ever meant. */
function isOuter({ shape }: Fact, { code, shapes }: Finding): boolean {
  if (!["broadcast", "matmul-batch", "matmul-inner", "silent-broadcast"].includes(code) || shape === null) return false;
  const ranks = shapes.map((each) => each.split(",").filter((size) => /[^\s()]/.test(size)).length);
  return ranks.length > 0 && shape.lead === null && shape.dims.length > Math.max(...ranks);
}

/** Where the ranks of the operands were known, that of the result must be. */
function isVaguer({ shape }: Fact, { shapes }: Finding): boolean {
  return shape !== null && shape.lead !== null && !shapes.some((each) => /[…*]/.test(each));
}

/** Another error that the same calls lead to, or in the same definition: likely what is left of the same mistake. */
function isRelated(after: View, other: Finding, target: Finding, edits: readonly Edit[]): boolean {
  const calls = new Set(callsOf(target).map((span) => keyOf(moved(span, edits))));
  if (callsOf(other).some((span) => calls.has(keyOf(span)))) return true;
  const { path, start } = moved(target.span, edits);
  const chunks = after.sources.program(path)?.chunks ?? [];
  const around = (offset: number): unknown => chunks.findLast((chunk) => chunk.offset <= offset);
  return other.span.path === path && around(other.span.start) === around(start);
}

function callsOf({ related }: Finding): readonly FileSpan[] {
  return related.filter(({ message }) => message === CALLED).map(({ span }) => span);
}

function allFindings({ result }: View): readonly Finding[] {
  return [...result.files.values()].flatMap(({ findings }) => findings.filter(({ severity }) => severity !== "hint"));
}

function keyOf({ path, start }: FileSpan, code = ""): string {
  return `${path} ${start} ${code}`;
}

function moved({ path, start, end }: FileSpan, edits: readonly Edit[]): FileSpan {
  return { path, start: movedStart(path, start, edits), end: movedEnd(path, end, edits) };
}

/** The edited files can be read. */
function allPrograms({ sources }: View, edits: readonly Edit[]): boolean {
  return edits.every(({ path }) => sources.program(path)?.chunks.every(({ unit }) => !unit.broken) === true);
}

function valuesAt({ result }: View, span: FileSpan): readonly Fact[] {
  const file = result.files.get(span.path);
  return file === undefined ? [] : factsOn(file, span).filter(({ role }) => role === "expression");
}

function isKnown(fact: Fact): boolean {
  return fact.kind === "tensor" ? fact.shape !== null && !isAnything(fact) : fact.kind !== "unknown";
}

/** How many expressions nothing is known of. */
function unknownCount({ result }: View): number {
  let count = 0;
  for (const { facts } of result.files.values()) for (const fact of facts) if (!isKnown(fact)) count++;
  return count;
}

/**
 * Judges what the analyser says about a whole program by what a real run of it held. It knows records and
 * claims, and how to speak of them; it must not know how a claim came about.
 */
import type { FileResult } from "../../src/analysis/result.ts";
import { claimsOf, compare, isComplete, isConcrete, settle, type Claim, type Reading } from "./claims.ts";
import { isTensor, type Place, type Recorded, type Run, type Seen } from "./record.ts";

export interface Verdict {
  /** Claims that the run refutes. */
  readonly wrong: readonly string[];
  /** Places that held tensors and of which no view states the full shape. */
  readonly missing: readonly string[];
  /** Shapes that were seen and that no view states in numbers. */
  readonly missingNumbers: readonly string[];
  readonly places: number;
  readonly shapes: number;
}

export function judge(text: string, record: Recorded, result: FileResult): Verdict {
  const find = claimsOf(text, result);
  const lines = text.split("\n");
  const wrong = new Set<string>();
  const at = (place: Place): string => `${record.program}:${place[0] + 1}:${place[1] + 1} \`${excerpt(lines, place)}\``;
  for (const run of record.runs) {
    judgeRun(record, run, find, (place, claim, seen, problem) => {
      wrong.add(`${at(place)} ${print(seen)} ${problem}; the claim is ${say(claim)}`);
    });
  }
  const total = coverage(record, find, at);
  for (const problem of total.wrong) wrong.add(problem);
  return { ...total, wrong: [...wrong] };
}

type Find = ReturnType<typeof claimsOf>;
type Told = (place: Place, claim: Claim, seen: Seen, problem: string) => void;

/** The general view: one size for each name throughout the run. */
function judgeRun(record: Recorded, run: Run, find: Find, told: Told): void {
  const reading: Reading = { sizes: new Map(), formulas: [] };
  for (const [index, ...values] of run.seen) {
    const place = record.places[index];
    if (place === undefined) throw new Error(`${record.program} has no place ${index}.`);
    const { general } = find(place);
    for (const seen of values) {
      // Several claims about one place are several passes of a loop: one of them must fit.
      const only = general.length === 1 ? general[0] : undefined;
      if (only !== undefined) compare(only, seen, reading, (problem) => told(place, only, seen, problem));
      else if (general.length > 1 && general.every((claim) => refuted(claim, seen))) {
        for (const claim of general) told(place, claim, seen, "fits none of the claims");
      }
    }
  }
  settle(reading);
}

function refuted(claim: Claim, seen: Seen): boolean {
  const reading: Reading = { sizes: new Map(), formulas: [] };
  let problems = 0;
  compare(claim, seen, reading, () => (problems += 1));
  settle(reading);
  return problems > 0;
}

function coverage(record: Recorded, find: Find, at: (place: Place) => string): Verdict {
  const wrong: string[] = [];
  const missing: string[] = [];
  const missingNumbers: string[] = [];
  let [places, shapes] = [0, 0];
  for (const [index, place] of record.places.entries()) {
    const values = seenAt(record, index);
    const tensors = values.filter(isTensor);
    const { general, called } = find(place);
    for (const claim of called) {
      if (values.length > 0 && values.every((seen) => refuted(claim, seen)))
        wrong.push(`${at(place)} never fits the claim ${say(claim)} of a call; seen: ${values.map(print).join(" ")}`);
    }
    if (tensors.length === 0) continue;
    const all = [...general, ...called];
    places += 1;
    if (!all.some((claim) => isComplete(claim) || isJoin(claim, record, index)))
      missing.push(`${at(place)} is ${print(tensors[0] ?? "")}; claims: ${all.map(say).join(" | ") || "none"}`);
    const stated = new Set(all.filter(isConcrete).map(({ shape }) => shape?.join()));
    const wanted = new Set(tensors.map((tensor) => tensor.slice(1).join()));
    shapes += wanted.size;
    for (const shape of wanted) if (!stated.has(shape)) missingNumbers.push(`${at(place)} holds (${shape})`);
  }
  return { wrong, missing, missingNumbers, places, shapes };
}

/** True where passes of a loop in one run held several shapes, and a claim leaves open only what differs among them. */
function isJoin({ shape }: Claim, record: Recorded, index: number): boolean {
  return record.runs.some((run) => {
    const seen = run.seen.find(([place]) => place === index)?.slice(1) as readonly Seen[] | undefined;
    const sizes = (seen ?? []).filter(isTensor).map((tensor) => tensor.slice(1) as readonly number[]);
    const [first] = sizes;
    if (first === undefined || new Set(sizes.map(String)).size < 2) return false;
    if (sizes.some(({ length }) => length !== first.length)) return shape === null || shape[0] === "…";
    const differs = first.map((size, axis) => sizes.some((other) => other[axis] !== size));
    return shape?.length === first.length && shape.every((dim, axis) => dim !== "?" || differs[axis] === true);
  });
}

function seenAt(record: Recorded, index: number): readonly Seen[] {
  const values = record.runs.flatMap((run) =>
    run.seen.filter(([place]) => place === index).flatMap(([, ...seen]) => seen),
  );
  return [...new Map(values.map((seen) => [JSON.stringify(seen), seen])).values()];
}

function excerpt(lines: readonly string[], [line, column, endLine, endColumn]: Place): string {
  const first = lines[line] ?? "";
  return line === endLine ? first.slice(column, endColumn) : `${first.slice(column)}…`;
}

function print(seen: Seen): string {
  if (isTensor(seen)) return `${seen[0]}(${seen.slice(1).join(", ")})`;
  return typeof seen === "object" ? JSON.stringify(seen) : String(seen);
}

function say({ fact, shape }: Claim): string {
  return shape === null ? `${fact.kind} ${fact.text}` : `${fact.dtype ?? "tensor"}(${shape.join(", ")})`;
}

/**
 * `check --fix`: applies the best remedy of one finding after another, and writes the files. Each was tried on the program
 * as it then is, so that one remedy never meets another half-way.
 */
import { writeFileSync } from "node:fs";
import { findingsOf, Project, type Engine } from "../editor/index.ts";
import { applied, Fixer } from "../fixes/index.ts";
import { readSource, type DiskFiles } from "./files.ts";

/** More findings than this in one file are no slips. */
const ROUNDS = 25;

/** How many findings of the file are mended. Only files that the user named are changed. */
export function mend(path: string, disk: DiskFiles, engine: () => Engine, mayChange: ReadonlySet<string>): number {
  if (path.endsWith(".ipynb")) return 0;
  let count = 0;
  while (count < ROUNDS && mendOne(path, disk, engine, mayChange)) count++;
  return count;
}

function mendOne(path: string, disk: DiskFiles, engine: () => Engine, mayChange: ReadonlySet<string>): boolean {
  const view = new Project(disk, engine()).analyze([path])?.view;
  if (view === undefined) return false;
  const fixer = new Fixer(disk, engine(), [path], view);
  for (const finding of findingsOf(view, path, new Map())) {
    if (finding.severity === "hint") continue;
    const fix = fixer.fixesFor(finding).find(({ edits }) => edits.every((edit) => mayChange.has(edit.path)));
    if (fix === undefined) continue;
    for (const file of new Set(fix.edits.map((edit) => edit.path))) {
      const read = readSource(file);
      if ("problem" in read) return false;
      writeFileSync(file, applied(file, read.text, fix.edits));
      disk.forget(file);
    }
    return true;
  }
  return false;
}

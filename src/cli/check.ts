/**
 * `check`: what can't work in the named files and folders, one line each. Files are analysed one after another, so
 * that memory stays bounded however large a folder is; what several of them show is said once.
 */
import type { Finding } from "../analysis/result.ts";
import {
  findingsOf,
  leftOutOf,
  lineText,
  linesOf,
  positionAt,
  Project,
  settingsFindings,
  type Analysis,
  type Engine,
  type View,
} from "../editor/index.ts";
import { DiskFiles, readSource } from "./files.ts";
import { placeOf } from "./json.ts";
import { underline } from "./listing.ts";
import { paintFor, progress, write, type Paint } from "./output.ts";
import { absolute, kindOf, named, walk, type Named } from "./paths.ts";
import { showing } from "./shapes.ts";

/** Prints the findings; true if there are errors among them. */
export async function printFindings(
  engine: () => Engine,
  paths: readonly string[],
  python: string | null,
): Promise<boolean> {
  const files = paths.flatMap((written) => (kindOf(written) === "folder" ? [...walk(written)] : [named(written)]));
  const disk = new DiskFiles(
    paths.filter((written) => kindOf(written) === "folder").map(absolute),
    python === null ? null : absolute(python),
  );
  const report = new Report(files);
  const project = new Project(disk, engine());
  for (const [i, file] of files.entries()) {
    progress(`${i + 1}/${files.length} ${file.shown}`);
    const read = readSource(file.path);
    if ("problem" in read) await report.unreadable(file, read.problem);
    else await report.add(project.analyze([file.path], { once: true }));
  }
  progress("");
  report.summary();
  return report.errors > 0;
}

/** What has been printed so far. */
class Report {
  errors = 0;
  #others = 0;
  /** Files of which something was left out. */
  #cut = 0;
  readonly #files: readonly Named[];
  readonly #wanted: ReadonlySet<string>;
  readonly #shown: (path: string) => string;
  readonly #said = new Set<string>();
  readonly #paint = paintFor(process.stdout);

  constructor(files: readonly Named[]) {
    this.#files = files;
    this.#wanted = new Set(files.map(({ path }) => path));
    this.#shown = showing(files);
  }

  async unreadable({ shown }: Named, problem: string): Promise<void> {
    progress("");
    await write(`${shown}:1:1: ${this.#paint.warning("warning[unreadable]")} This file ${problem}.\n`);
    this.#others += 1;
  }

  /** A finding may lie in a file that was only imported, seen with the sizes of a call. */
  async add(analysis: Analysis | null): Promise<void> {
    if (analysis === null) return;
    const { view, settings } = analysis;
    if (leftOutOf(view) !== null) this.#cut += 1;
    for (const finding of settings.flatMap((each) => settingsFindings(each, new Map()))) await this.#say(view, finding);
    for (const path of view.result.files.keys()) {
      if (!this.#wanted.has(path)) continue;
      for (const finding of findingsOf(view, path, new Map()).toSorted((a, b) => a.span.start - b.span.start)) {
        if (finding.severity !== "hint") await this.#say(view, finding);
      }
    }
  }

  summary(): void {
    if (this.#cut > 0)
      process.stderr.write(
        `In ${counted(this.#cut, "file")} some of the program takes too long, and counts as unknown.\n`,
      );
    if (!process.stderr.isTTY) return;
    const what = this.errors + this.#others === 0 ? "Nothing" : counted(this.errors, "error");
    const also = this.#others === 0 ? "" : ` and ${counted(this.#others, "other finding")}`;
    process.stderr.write(`${what}${also} in ${counted(this.#files.length, "file")}.\n`);
  }

  async #say(view: View, finding: Finding): Promise<void> {
    const { span, code, severity, message } = finding;
    const place = placeOf(view, span, this.#shown);
    const key = `${place} ${code}`;
    if (this.#said.has(key)) return;
    this.#said.add(key);
    if (severity === "error") this.errors += 1;
    else this.#others += 1;
    const colour = severity === "error" ? this.#paint.error : this.#paint.warning;
    progress("");
    await write(`${this.#paint.bold(`${place}:`)} ${colour(`${severity}[${code}]`)} ${message}\n`);
    if (process.stdout.isTTY) await write(frame(view, finding, this.#paint));
  }
}

/** The line in question with carets below. */
function frame(view: View, finding: Finding, paint: Paint): string {
  const lines = view.sources.lines(finding.span.path) ?? linesOf("");
  const { line } = positionAt(lines, finding.span.start);
  const number = String(line + 1).padStart(5);
  const bar = paint.dim("|");
  const colour = finding.severity === "error" ? paint.error : paint.warning;
  const marker = colour(underline(finding, lines, line));
  return `${paint.dim(number)} ${bar} ${lineText(lines, line)}\n${" ".repeat(number.length)} ${bar} ${marker}\n\n`;
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

/**
 * `check`: what can't work in the named files and folders. Files are analysed one after another, so that memory stays
 * bounded however large a folder is; what several of them show is said once.
 */
import { readFileSync } from "node:fs";
import { findingsOf, leftOutOf, Project, settingsFindings, type Analysis, type Engine } from "../editor/index.ts";
import { Fixer } from "../fixes/index.ts";
import type { CheckOptions, Format } from "./arguments.ts";
import { isKnown, readBaseline, writeBaseline } from "./baseline.ts";
import { Cache } from "./cache.ts";
import { DiskFiles, readSource } from "./files.ts";
import { reported, unreadable, type Reported } from "./finding.ts";
import { toGithub, toJson, toSarif } from "./formats.ts";
import { mend } from "./mend.ts";
import { paintFor, progress, write } from "./output.ts";
import { absolute, kindOf, named, walk, type Named } from "./paths.ts";
import { showing } from "./shapes.ts";

/** Prints the findings; true if there are errors among them, a sentence where an option cannot be followed. */
export async function check(engine: () => Engine, options: CheckOptions, version: string): Promise<boolean | string> {
  const { baseline, writeBaseline: writes } = options;
  const known = baseline === null || writes ? new Map<string, number>() : readBaseline(baseline);
  if (typeof known === "string") return known;
  const files = filesOf(options);
  const report = new Report(options.format, files, known);
  const checker = new Checker(engine, options, files, version);
  for (const [i, file] of files.entries()) {
    progress(`${i + 1}/${files.length} ${file.shown}`);
    for (const finding of checker.check(file)) await report.add(finding);
  }
  progress("");
  if (writes && baseline !== null) {
    writeBaseline(baseline, report.findings);
    return false;
  }
  await report.end(version, checker.cut, checker.mended);
  return report.errors > 0;
}

/** The files of this part, in an order that does not depend on the machine. */
function filesOf({ paths, shard }: CheckOptions): readonly Named[] {
  const all = paths.flatMap((written) => (kindOf(written) === "folder" ? [...walk(written)] : [named(written)]));
  if (shard === null) return all;
  return all.toSorted((a, b) => (a.path < b.path ? -1 : 1)).filter((_, i) => i % shard.of === shard.part - 1);
}

/** What is wrong with one file after another. */
class Checker {
  /** Files of which something was left out, and findings that were mended. */
  cut = 0;
  mended = 0;
  readonly #engine: () => Engine;
  readonly #options: CheckOptions;
  readonly #wanted: ReadonlySet<string>;
  readonly #shown: (path: string) => string;
  readonly #disk: DiskFiles;
  readonly #project: Project;
  readonly #cache: Cache | null;

  constructor(engine: () => Engine, options: CheckOptions, files: readonly Named[], version: string) {
    const folders = options.paths.filter((written) => kindOf(written) === "folder").map(absolute);
    this.#engine = engine;
    this.#options = options;
    this.#wanted = new Set(files.map(({ path }) => path));
    this.#shown = showing(files);
    this.#disk = new DiskFiles(folders, options.python === null ? null : absolute(options.python));
    this.#project = new Project(this.#disk, engine());
    this.#cache = options.cache === null ? null : this.#cacheIn(options.cache, version);
  }

  check(file: Named): readonly Reported[] {
    const read = readSource(file.path);
    if ("problem" in read) return [unreadable(file.shown, read.problem)];
    if (this.#options.fix) this.mended += mend(file.path, this.#disk, this.#engine, this.#wanted);
    const kept = this.#options.fix ? null : (this.#cache?.get(file.path) ?? null);
    if (kept !== null) {
      if (kept.cut) this.cut += 1;
      return kept.findings;
    }
    const analysis = this.#project.analyze([file.path], { once: true });
    if (analysis === null) return [];
    const cut = leftOutOf(analysis.view) !== null;
    if (cut) this.cut += 1;
    const findings = this.#findingsOf(file, analysis);
    this.#cache?.set(file.path, analysis.dependencies.get(file.path) ?? [file.path], findings, cut);
    return findings;
  }

  /** A finding may lie in a file that was only imported, seen with the sizes of a call. */
  #findingsOf(file: Named, { view, settings }: Analysis): readonly Reported[] {
    const fixer = this.#options.format === "json" ? new Fixer(this.#disk, this.#engine(), [file.path], view) : null;
    const ofSettings = settings.flatMap((each) => settingsFindings(each, new Map()));
    const ofFiles = [...view.result.files.keys()]
      .filter((path) => this.#wanted.has(path))
      .flatMap((path) => findingsOf(view, path, new Map()).toSorted((a, b) => a.span.start - b.span.start))
      .filter(({ severity }) => severity !== "hint");
    return [
      ...ofSettings.map((finding) => reported(view, finding, [], this.#shown)),
      ...ofFiles.map((finding) => reported(view, finding, fixer?.fixesFor(finding) ?? [], this.#shown)),
    ];
  }

  /** What is kept holds for this very program, for these files and for the form in which they are shown. */
  #cacheIn(folder: string, version: string): Cache {
    const program = readFileSync(new URL(import.meta.url), "utf8");
    const { format, python, paths } = this.#options;
    const salt = [version, program, format === "json", python, process.cwd(), ...paths].join("\n");
    return new Cache(folder, salt, (path) => {
      const read = readSource(path);
      return "text" in read ? read.text : null;
    });
  }
}

/** What has been reported so far. */
class Report {
  errors = 0;
  readonly findings: Reported[] = [];
  readonly #format: Format;
  readonly #files: readonly Named[];
  readonly #known: Map<string, number>;
  readonly #said = new Set<string>();
  readonly #paint = paintFor(process.stdout);

  constructor(format: Format, files: readonly Named[], known: Map<string, number>) {
    this.#format = format;
    this.#files = files;
    this.#known = known;
  }

  async add(finding: Reported): Promise<void> {
    const key = `${finding.place} ${finding.code}`;
    if (this.#said.has(key)) return;
    this.#said.add(key);
    if (isKnown(this.#known, finding)) return;
    this.findings.push(finding);
    if (finding.severity === "error") this.errors += 1;
    if (this.#format === "text") await this.#say(finding);
    if (this.#format === "github") await write(toGithub(finding));
  }

  async end(version: string, cut: number, mended: number): Promise<void> {
    if (this.#format === "json") await write(toJson(this.findings, this.#files.length));
    if (this.#format === "sarif") await write(toSarif(this.findings, version));
    if (mended > 0) process.stderr.write(`Mended ${counted(mended, "finding")}.\n`);
    if (cut > 0)
      process.stderr.write(`In ${counted(cut, "file")} some of the program takes too long, and counts as unknown.\n`);
    if (!process.stderr.isTTY) return;
    const others = this.findings.length - this.errors;
    const what = this.findings.length === 0 ? "Nothing" : counted(this.errors, "error");
    const also = others === 0 ? "" : ` and ${counted(others, "other finding")}`;
    process.stderr.write(`${what}${also} in ${counted(this.#files.length, "file")}.\n`);
  }

  async #say({ place, severity, code, message, region, line, marker }: Reported): Promise<void> {
    const colour = severity === "error" ? this.#paint.error : this.#paint.warning;
    progress("");
    await write(`${this.#paint.bold(`${place}:`)} ${colour(`${severity}[${code}]`)} ${message}\n`);
    if (!process.stdout.isTTY || line === "") return;
    const number = String(region.startLine).padStart(5);
    const bar = this.#paint.dim("|");
    await write(`${this.#paint.dim(number)} ${bar} ${line}\n${" ".repeat(number.length)} ${bar} ${colour(marker)}\n\n`);
  }
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

/**
 * The packages that are installed for a program, found by looking at files alone. Only those are read that say they
 * build on a library of arrays: of others, no shape can come. Whoever has the files tells what lies in a folder.
 */
import { isKnownName } from "../ops/index.ts";
import { parentOf } from "./imports.ts";

/** Reads files of the machine that the program runs on. */
export interface Reader {
  text(path: string): string | null;
  isFile(path: string): boolean;
  /** The names in a folder; none where there is no such folder. */
  names(folder: string): readonly string[];
  /** A path as the machine's own files name it, in the form in which this reader takes paths. */
  located(path: string): string;
}

export interface Packages {
  /** Folders in which modules are looked for, in order. */
  readonly folders: readonly string[];
  /** Whether a module of this name, without dots, is read. */
  reads(name: string): boolean;
}

/** Folders that usually hold an environment beside a program. */
const USUAL = [".venv", "venv", "env", ".env"];

/** The environment in one of these folders, as tools make it. */
export function environmentIn(reader: Reader, folders: readonly string[]): string | null {
  const candidates = folders.flatMap((folder) => USUAL.map((name) => `${folder}/${name}`));
  return candidates.find((candidate) => reader.isFile(`${candidate}/pyvenv.cfg`)) ?? null;
}

/** The environment that an interpreter belongs to: `…/bin/python` and `…/Scripts/python.exe`, or its folder itself. */
export function environmentOf(reader: Reader, python: string): string {
  const folder = reader.isFile(python) ? parentOf(python) : null;
  return folder === null ? python.replace(/\/$/, "") : (parentOf(folder) ?? folder);
}

/** What is installed in an environment, and in the one that it is built upon. */
export function packagesOf(reader: Reader, environment: string): Packages {
  const settings = reader.text(`${environment}/pyvenv.cfg`) ?? "";
  const base = /^include-system-site-packages\s*=\s*true/im.test(settings)
    ? located(reader, /^home\s*=\s*(.+?)\s*$/im.exec(settings)?.[1])
    : null;
  const prefixes = base === null ? [environment] : [environment, parentOf(base) ?? base];
  const sites = prefixes.flatMap((prefix) => sitesIn(reader, prefix));
  const linked = sites.flatMap((site) => linkedFrom(reader, site));
  const names = new Set(sites.flatMap((site) => namesIn(reader, site)));
  for (const folder of linked) for (const name of reader.names(folder)) names.add(name.replace(/\.py$/, ""));
  return { folders: [...sites, ...linked], reads: (name) => names.has(name) && !isKnownName(name) };
}

function sitesIn(reader: Reader, prefix: string): readonly string[] {
  const versions = reader.names(`${prefix}/lib`).filter((name) => /^python3(?:\.\d+)?$/.test(name));
  const folders = versions.map((name) => `${prefix}/lib/${name}/site-packages`);
  return [...folders, `${prefix}/Lib/site-packages`].filter((folder) => reader.names(folder).length > 0);
}

/** Projects that are installed where they are written: a file `….pth` has their folder on a line. */
function linkedFrom(reader: Reader, site: string): readonly string[] {
  const files = reader.names(site).filter((name) => name.endsWith(".pth"));
  const lines = files.flatMap((name) => (reader.text(`${site}/${name}`) ?? "").split(/\r?\n/));
  return lines
    .map((line) => line.trim().replaceAll("\\", "/").replace(/\/$/, ""))
    .filter((line) => /^(?:\/|[A-Za-z]:\/)/.test(line))
    .map((line) => reader.located(line))
    .filter((folder) => reader.names(folder).length > 0);
}

function located(reader: Reader, path: string | undefined): string | null {
  return path === undefined ? null : reader.located(path);
}

const BUILDS_ON = /^Requires-Dist:\s*(?:torch|jax|flax|equinox)\b(?!-)/im;

/** The modules of those packages that build on a library of arrays. */
function namesIn(reader: Reader, site: string): readonly string[] {
  return reader
    .names(site)
    .filter((name) => name.endsWith(".dist-info"))
    .flatMap((name) => {
      const folder = `${site}/${name}`;
      if (!BUILDS_ON.test(reader.text(`${folder}/METADATA`) ?? "")) return [];
      const record = reader.text(`${folder}/RECORD`) ?? "";
      return [...new Set([...record.matchAll(/^(\w+)(?:\/|\.py,)/gm)].map((match) => match[1] ?? ""))];
    });
}

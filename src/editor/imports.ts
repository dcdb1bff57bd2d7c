/**
 * Where the file of an imported Python module may lie. It knows names and folders, spelt with forward slashes, and
 * asks whoever has the files whether one is there; paths may be URIs as well.
 */

import type { Packages } from "./environment.ts";

export interface Folders {
  /** What is installed for the program that a file belongs to, where that is known. */
  packages?(from: string): Packages | null;
  isFile(path: string): boolean;
  /** The folder at which looking upwards ends: the workspace folder, the root of the repository. */
  rootOf(path: string): string;
  /** A name as a part of a path. */
  segment(name: string): string;
}

/**
 * The file of `module`, imported in the file `from` with `level` leading dots. As Python has it for a program that is
 * started at the root or beside the file: what lies around the outermost package comes first, then the file's own
 * folder, then each folder above it.
 */
export function resolveImport(folders: Folders, from: string, module: string, level: number): string | null {
  const names = module === "" ? [] : module.split(".");
  if (names.some((name) => name === "")) return null;
  const packages = level > 0 ? null : (folders.packages?.(from) ?? null);
  // A package sees what is installed, as anyone does.
  const isInstalled = packages?.folders.some((folder) => from.startsWith(`${folder}/`)) === true;
  const own = level > 0 ? [above(parentOf(from), level - 1)] : isInstalled ? [] : searched(folders, from);
  const installed = packages?.reads(names[0] ?? "") === true ? packages.folders : [];
  for (const base of [...own, ...installed]) {
    const file = base === null ? null : moduleIn(folders, base, names);
    if (file !== null && file !== from) return file;
  }
  return null;
}

/** The name of a file as a module: the packages around it, and its own name. */
export function moduleName(folders: Folders, path: string): string {
  const parts = path.split("/");
  const file = (parts.pop() ?? "").replace(/\.py$/, "");
  const names = file === "__init__" ? [] : [file];
  for (let folder = parts.join("/"); folders.isFile(`${folder}/__init__.py`); folder = parts.join("/"))
    names.unshift(parts.pop() ?? "");
  return names.join(".");
}

function moduleIn(folders: Folders, base: string, names: readonly string[]): string | null {
  const path = [base, ...names.map((name) => folders.segment(name))].join("/");
  const packages = [`${path}/__init__.py`, `${path}/__init__.pyi`];
  // Beside a compiled module lies a file that says what is in it.
  const candidates =
    names.length === 0 ? packages : [`${path}/__init__.py`, `${path}.py`, `${path}/__init__.pyi`, `${path}.pyi`];
  return candidates.find((candidate) => folders.isFile(candidate)) ?? null;
}

function searched(folders: Folders, from: string): readonly string[] {
  const own = parentOf(from);
  const root = folders.rootOf(from);
  const upwards = own === null ? [root] : pathUp(own, root);
  const package_ = upwards.find((folder) => !folders.isFile(`${folder}/__init__.py`)) ?? root;
  return [...new Set([package_, ...upwards, `${root}/src`])];
}

/** The folder and those above it, up to the root; only the folder and the root where it lies elsewhere. */
function pathUp(folder: string, root: string): readonly string[] {
  if (folder !== root && !folder.startsWith(`${root}/`)) return [folder, root];
  const folders = [folder];
  for (let at = folder; at !== root;) {
    const parent = parentOf(at);
    if (parent === null) break;
    folders.push(parent);
    at = parent;
  }
  return folders;
}

function above(folder: string | null, levels: number): string | null {
  return levels === 0 || folder === null ? folder : above(parentOf(folder), levels - 1);
}

/** The path of a module with dots between its parts. */
export function dotted(path: string): string {
  return path
    .replace(/\.pyi?$/, "")
    .replace(/[^/]*:/, "")
    .split("/")
    .filter((part) => part !== "")
    .join(".");
}

/** The folder of a path; null at the top, and for a document that lies in no folder (`untitled:Untitled-1`). */
export function parentOf(path: string): string | null {
  const at = path.lastIndexOf("/");
  if (at < 0) return null;
  const parent = path.slice(0, at);
  // Above `scheme://` there is nothing.
  return /^[a-z][\w+.-]+:\/$/i.test(parent) ? null : parent;
}

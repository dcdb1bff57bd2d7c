// The files of the project as git sees them: what is committed, and what is new and not ignored.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

export interface ProjectFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every text file whose path `keep` accepts. */
export function projectFiles(keep: (path: string) => boolean): readonly ProjectFile[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  return listed
    .split("\n")
    .filter((path) => path !== "" && keep(path) && existsSync(`${root}${path}`))
    .map((path) => ({ path, text: readFileSync(`${root}${path}`, "utf8") }));
}

/** Every line of `files` that `pattern` matches, as `path:line: text`, the form that terminals make links of. */
export function linesMatching(files: readonly ProjectFile[], pattern: RegExp): readonly string[] {
  return files.flatMap(({ path, text }) =>
    text
      .split("\n")
      .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
      .filter(({ line }) => pattern.test(line))
      .map(({ line, place }) => `${place}: ${line.trim()}`),
  );
}

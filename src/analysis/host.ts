/** What the analysis asks of whoever has the files: their programs, where imports lead, what projects declare. */
import type { Program } from "../program/syntax.ts";
import type { Declarations } from "./declared.ts";

/** How the interpreter reads other files. Paths are opaque strings that the host makes. */
export interface Host {
  /** Finds the module `name` (`level` leading dots make it relative) as seen from the file `from`. */
  resolve(from: string, name: string, level: number): string | null;
  program(path: string): Program | null;
  /** The dotted name that a program at the root of its packages imports a file by. */
  name?(path: string): string;
  /** What projects declare in their settings, where the host reads them. */
  readonly settings?: Settings;
}

interface Settings {
  /** The declarations that hold for a file. */
  declarations(path: string): Declarations | null;
  /** The path of a file as dotted names: `repo.pkg.ops`, `repo.pkg.__init__`. */
  dotted(path: string): string;
}

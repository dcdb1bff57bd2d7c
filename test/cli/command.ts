// The command as people run it: bundled as for the product, in a process of its own.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundle } from "./bundle.ts";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Lives for one test file. */
export class Command {
  readonly folder = mkdtempSync(path.join(tmpdir(), "shapesight-cli-"));
  #program = "";

  async build(): Promise<void> {
    this.#program = await bundle("src/cli/main.ts", path.join(this.folder, "program"));
  }

  /** Writes a file into the folder in which the command runs. */
  file(name: string, text: string | Uint8Array): void {
    const target = path.join(this.folder, "work", name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  run(...words: readonly string[]): Ran {
    const cwd = path.join(this.folder, "work");
    mkdirSync(cwd, { recursive: true });
    const environment = { ...process.env, NO_COLOR: "1" };
    const { status, stdout, stderr } = spawnSync(process.execPath, [this.#program, ...words], {
      cwd,
      encoding: "utf8",
      env: environment,
      maxBuffer: 64_000_000,
    });
    return { code: status, stdout, stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

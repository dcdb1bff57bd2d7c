/**
 * The command `shapesight`: reads its arguments, does what they say, and ends with the exit code that scripts rely on.
 */
import { readFileSync } from "node:fs";
import { understand, USAGE, type Command } from "./arguments.ts";
import { check } from "./check.ts";
import { loadEngine } from "./engine.ts";
import { surviveClosedPipes, write } from "./output.ts";
import { kindOf } from "./paths.ts";
import { printShapes, problemWith } from "./shapes.ts";

const BAD_USAGE = 2;

surviveClosedPipes();
// The bundle is CommonJS, which has no top-level await.
void main(process.argv.slice(2)).then((code) => (process.exitCode = code));

async function main(words: readonly string[]): Promise<number> {
  const understood = understand(words);
  if ("problem" in understood) return refuse(`${understood.problem} \`shapesight --help\` lists what there is.`);
  try {
    return await run(understood.command);
  } catch (error) {
    return refuse(
      `Shapesight failed, which is its own fault: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function run(command: Command): Promise<number> {
  switch (command.name) {
    case "help":
      await write(`${USAGE}\n`);
      return 0;
    case "version":
      await write(`${version()}\n`);
      return 0;
    case "shapes": {
      const problem = command.paths.map(problemWithFile).find((each) => each !== null);
      if (problem !== undefined) return refuse(problem);
      await printShapes(await loadEngine(), command.paths, command.json, command.python);
      return 0;
    }
    case "check": {
      const missing = command.paths.find((path) => kindOf(path) === "missing");
      if (missing !== undefined) return refuse(`There is no file or folder \`${missing}\`.`);
      const answer = await check(await loadEngine(), command, version());
      return typeof answer === "string" ? refuse(answer) : answer ? 1 : 0;
    }
    default:
      return command satisfies never;
  }
}

function problemWithFile(path: string): string | null {
  return kindOf(path) === "folder" ? `\`${path}\` is a folder; \`shapes\` takes files.` : problemWith(path);
}

function refuse(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return BAD_USAGE;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const found = typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : "";
  return String(found);
}

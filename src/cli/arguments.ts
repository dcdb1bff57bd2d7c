/**
 * What the user typed behind the command's name, understood or refused with a sentence. It knows words only.
 */

const FORMATS = ["text", "json", "github", "sarif"] as const;
export type Format = (typeof FORMATS)[number];

export interface CheckOptions {
  readonly paths: readonly string[];
  readonly python: string | null;
  readonly format: Format;
  /** A file with findings that are known and not reported. */
  readonly baseline: string | null;
  /** Writes that file instead of reporting. */
  readonly writeBaseline: boolean;
  /** A folder in which what was found is kept for the next time. */
  readonly cache: string | null;
  /** The first of three parts is `{ part: 1, of: 3 }`. */
  readonly shard: { readonly part: number; readonly of: number } | null;
  /** Applies the best remedy of each finding. */
  readonly fix: boolean;
}

export type Command =
  | {
      readonly name: "shapes";
      readonly paths: readonly string[];
      readonly json: boolean;
      readonly python: string | null;
    }
  | ({ readonly name: "check" } & CheckOptions)
  | { readonly name: "help" }
  | { readonly name: "version" };

export type Understood = { readonly command: Command } | { readonly problem: string };

export const USAGE = `Usage: shapesight <command>

  shapes FILE…          print the files with the shape of every tensor beside its line
  shapes FILE… --json   the same for programs: every expression and name with its range and shape
  check PATH…           report what can't work, in files and folders

  --python PATH         read the packages of this interpreter or environment
                        (otherwise of the active one, or of a .venv beside the files)
  --help, -h            print this
  --version, -V         print the version

check takes besides:
  --format FORMAT       text, json, github (annotations of GitHub Actions) or sarif
  --fix                 apply the best remedy of each finding that has one, and report the rest
  --baseline FILE       leave out the findings that this file lists
  --write-baseline      write the findings of today to that file, and report none
  --shard I/N           check the I-th of N parts of the files, for N machines side by side
  --cache FOLDER        keep what was found there, and check again only what has changed

Files that are given together, and what they import, are one program. Nothing is run.
check exits 1 when it found errors, 0 when not, and 2 when it was not understood.`;

export function understand(words: readonly string[]): Understood {
  const [first, ...rest] = words;
  if (first === undefined) return { problem: "Say what to do: `shapes` or `check`." };
  if (words.some((word) => word === "--help" || word === "-h") || first === "help")
    return { command: { name: "help" } };
  if (first === "--version" || first === "-V") return { command: { name: "version" } };
  switch (first) {
    case "shapes":
      return shapesCommand(rest);
    case "check":
      return checkCommand(rest);
    default:
      return { problem: first.startsWith("-") ? unknownOption(first) : `There is no command \`${first}\`.` };
  }
}

function shapesCommand(words: readonly string[]): Understood {
  const read = wordsOf(words, ["--json"], VALUES);
  if ("problem" in read) return read;
  const { paths, switches, values } = read;
  return { command: { name: "shapes", paths, json: switches.has("--json"), python: values.get("--python") ?? null } };
}

function checkCommand(words: readonly string[]): Understood {
  const read = wordsOf(words, ["--fix", "--write-baseline"], { ...VALUES, ...CHECK_VALUES });
  if ("problem" in read) return read;
  const { paths, switches, values } = read;
  const asked = values.get("--format") ?? "text";
  const format = FORMATS.find((each) => each === asked);
  if (format === undefined) return { problem: `\`--format\` is one of ${FORMATS.join(", ")}.` };
  const baseline = values.get("--baseline") ?? null;
  const writeBaseline = switches.has("--write-baseline");
  if (writeBaseline && baseline === null) return { problem: "Name the file to write with `--baseline`." };
  const asShard = values.get("--shard");
  const shard = asShard === undefined ? null : shardOf(asShard);
  if (asShard !== undefined && shard === null)
    return { problem: "`--shard` is written as 2/5: the second of five parts." };
  const options = {
    python: values.get("--python") ?? null,
    cache: values.get("--cache") ?? null,
    fix: switches.has("--fix"),
  };
  return { command: { name: "check", paths, format, baseline, writeBaseline, shard, ...options } };
}

function shardOf(written: string): CheckOptions["shard"] {
  const [, part = "0", of = "0"] = /^(\d+)\/(\d+)$/.exec(written) ?? [];
  const shard = { part: Number(part), of: Number(of) };
  return shard.part >= 1 && shard.part <= shard.of ? shard : null;
}

/** Options that take a value, with the sentence for one that lacks it. */
const VALUES: Readonly<Record<string, string>> = { "--python": "Name the interpreter behind `--python`." };
const CHECK_VALUES: Readonly<Record<string, string>> = {
  "--format": "Name the format behind `--format`.",
  "--baseline": "Name the file behind `--baseline`.",
  "--shard": "Say which part behind `--shard`.",
  "--cache": "Name the folder behind `--cache`.",
};

interface Words {
  readonly paths: readonly string[];
  readonly switches: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
}

/** Options in any order among the paths; what stands behind `--` is a path. */
function wordsOf(
  words: readonly string[],
  known: readonly string[],
  valued: Readonly<Record<string, string>>,
): Words | { readonly problem: string } {
  const paths: string[] = [];
  const switches = new Set<string>();
  const values = new Map<string, string>();
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") paths.push(...rest.splice(0));
    else if (!word.startsWith("-") || word === "-") paths.push(word);
    else if (known.includes(word)) switches.add(word);
    else {
      const [option = "", ...given] = word.split("=");
      const lacking = valued[option];
      if (lacking === undefined) return { problem: unknownOption(word) };
      const value = given.length > 0 ? given.join("=") : (rest.shift() ?? "");
      if (value === "") return { problem: lacking };
      values.set(option, value);
    }
  }
  if (paths.length === 0) return { problem: "Name at least one file." };
  return { paths: [...new Set(paths)], switches, values };
}

function unknownOption(option: string): string {
  return `There is no option \`${option}\` here.`;
}

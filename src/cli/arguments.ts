/**
 * What the user typed behind the command's name, understood or refused with a sentence. It knows words only.
 */

export type Command =
  | {
      readonly name: "shapes";
      readonly paths: readonly string[];
      readonly json: boolean;
      readonly python: string | null;
    }
  | { readonly name: "check"; readonly paths: readonly string[]; readonly python: string | null }
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
      return withPaths(rest, ["--json"], (paths, options, python) => ({
        name: first,
        paths,
        json: options.has("--json"),
        python,
      }));
    case "check":
      return withPaths(rest, [], (paths, _, python) => ({ name: first, paths, python }));
    default:
      return { problem: first.startsWith("-") ? unknownOption(first) : `There is no command \`${first}\`.` };
  }
}

function withPaths(
  words: readonly string[],
  known: readonly string[],
  command: (paths: readonly string[], options: ReadonlySet<string>, python: string | null) => Command,
): Understood {
  const end = words.indexOf("--");
  const written = end < 0 ? words : words.slice(0, end);
  const asked = written.findIndex((word) => word === "--python" || word.startsWith("--python="));
  const value = written[asked]?.split("=").slice(1).join("=") ?? "";
  const python = asked < 0 ? null : value === "" ? (written[asked + 1] ?? "") : value;
  if (python === "") return { problem: "Name the interpreter behind `--python`." };
  const before = asked < 0 ? written : written.toSpliced(asked, value === "" ? 2 : 1);
  const options = before.filter((word) => word.startsWith("-") && word !== "-");
  const foreign = options.find((option) => !known.includes(option));
  if (foreign !== undefined) return { problem: unknownOption(foreign) };
  const paths = [...before.filter((word) => !options.includes(word)), ...(end < 0 ? [] : words.slice(end + 1))];
  if (paths.length === 0) return { problem: "Name at least one file." };
  return { command: command([...new Set(paths)], new Set(options), python) };
}

function unknownOption(option: string): string {
  return `There is no option \`${option}\` here.`;
}

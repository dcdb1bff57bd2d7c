// What the command line is understood as, and with which sentence it is refused.
import { expect, test } from "vitest";
import { understand } from "../../src/cli/arguments.ts";

const plain = {
  python: null,
  format: "text",
  baseline: null,
  writeBaseline: false,
  shard: null,
  cache: null,
  fix: false,
};

test("commands with their files and options", () => {
  expect(understand(["shapes", "a.py", "--json", "b.py"])).toEqual({
    command: { name: "shapes", paths: ["a.py", "b.py"], json: true, python: null },
  });
  expect(understand(["check", "."])).toEqual({ command: { name: "check", paths: ["."], ...plain } });
});

test("a file named twice is read once, and `--` ends the options", () => {
  expect(understand(["shapes", "a.py", "a.py"])).toMatchObject({ command: { paths: ["a.py"] } });
  expect(understand(["check", "--", "--odd.py"])).toMatchObject({ command: { paths: ["--odd.py"] } });
});

test.each([["--help"], ["-h"], ["help"], ["shapes", "--help"]])("%s %s asks for help", (...words) => {
  expect(understand(words)).toEqual({ command: { name: "help" } });
});

test.each([
  [[], "Say what to do: `shapes` or `check`."],
  [["look"], "There is no command `look`."],
  [["--fast"], "There is no option `--fast` here."],
  [["check", "--json", "a.py"], "There is no option `--json` here."],
  [["shapes"], "Name at least one file."],
  [["check", "a", "--format", "xml"], "`--format` is one of text, json, github, sarif."],
  [["check", "a", "--format"], "Name the format behind `--format`."],
  [["check", "a", "--write-baseline"], "Name the file to write with `--baseline`."],
  [["check", "a", "--shard", "3/2"], "`--shard` is written as 2/5: the second of five parts."],
])("%j is refused", (words, problem) => expect(understand(words)).toEqual({ problem }));

test("an interpreter is named in either way", () => {
  const command = { name: "check", paths: ["a"], ...plain, python: "/env" };
  expect(understand(["check", "--python", "/env", "a"])).toEqual({ command });
  expect(understand(["check", "a", "--python=/env"])).toEqual({ command });
  expect(understand(["check", "a", "--python"])).toEqual({ problem: "Name the interpreter behind `--python`." });
});

test("what check takes besides stands before or behind the paths", () => {
  const words = ["--format=sarif", "src", "--baseline", "known.json", "--shard", "2/5", "--cache", ".cache", "--fix"];
  expect(understand(["check", ...words])).toEqual({
    command: {
      ...plain,
      name: "check",
      paths: ["src"],
      format: "sarif",
      baseline: "known.json",
      shard: { part: 2, of: 5 },
      cache: ".cache",
      fix: true,
    },
  });
});

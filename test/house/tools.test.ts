// Formatter, linter, type checker and dead-code finder, run as tests so that one command tells all.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./files.ts";

const programs = {
  prettier: "prettier/bin/prettier.cjs",
  oxlint: "oxlint/bin/oxlint",
  tsc: "typescript/bin/tsc",
  knip: "knip/bin/knip.js",
} as const;

/** Runs a program in the project's root and returns what it complained about, "" when content. */
function complaints(name: keyof typeof programs, args: readonly string[]): string {
  const program = join(root, "node_modules", programs[name]);
  const options = { cwd: root, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } } as const;
  const run = spawnSync(process.execPath, [program, ...args], options);
  return run.status === 0 ? "" : `${run.stdout}${run.stderr}`.trim() || `${name} ended with ${run.status}`;
}

test("prettier would change nothing", () => {
  expect(complaints("prettier", ["--check", "--log-level", "warn", "."])).toBe("");
});

test("oxlint finds nothing", () => {
  expect(complaints("oxlint", ["--type-aware", "--deny-warnings"])).toBe("");
});

test("the pure layers type-check without Node, DOM or VS Code", () => {
  expect(complaints("tsc", ["-p", "tsconfig.pure.json"])).toBe("");
});

test("everything type-checks", () => {
  expect(complaints("tsc", ["-p", "tsconfig.json"])).toBe("");
});

test("knip finds no export, file or package that nothing uses", () => {
  expect(complaints("knip", ["--no-progress"])).toBe("");
});

// package.json promises commands and settings to the user; the code must keep each promise, and promise no other.
import { expect, test } from "vitest";
import { projectFiles } from "./files.ts";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly configuration: readonly { readonly properties: Readonly<Record<string, Setting>> }[];
  };
}

interface Setting {
  readonly default?: unknown;
  readonly markdownDescription?: string;
}

const [file] = projectFiles((path) => path === "package.json");
const { contributes } = JSON.parse(file?.text ?? "{}") as Manifest;
const settings = contributes.configuration.flatMap(({ properties }) => Object.entries(properties));
const sources = projectFiles((path) => /^src\/(extension|server|editor)\/.+\.ts$/.test(path));
const text = sources.map((source) => source.text).join("\n");

test("every command of the manifest is registered", () => {
  const unregistered = contributes.commands.filter(({ command }) => {
    const [, name = ""] = command.split(".");
    return !text.includes(`"${command}"`) && !text.includes(`command("${name}"`);
  });
  expect(unregistered.map(({ command }) => command)).toEqual([]);
});

test("commands share one category and do not repeat it", () => {
  for (const { category, title } of contributes.commands) {
    expect(category).toBe("Shapesight");
    expect(title).not.toMatch(/^Shapesight/);
  }
});

test("there are few settings, each with a default and one line of words", () => {
  expect(settings.length).toBeLessThanOrEqual(14);
  for (const [name, { default: initial, markdownDescription = "" }] of settings) {
    expect(initial, name).toBeDefined();
    expect(markdownDescription, name).toMatch(/\.$/);
    expect(markdownDescription, name).not.toContain("\n");
  }
});

test("every setting is read by the code", () => {
  // The language client reads the trace setting itself, from its own name.
  const read = settings.map(([name]) => name.replace("shapesight.", "")).filter((name) => name !== "trace.server");
  expect(read.filter((name) => !text.includes(name) && !name.split(".").every((part) => text.includes(part)))).toEqual(
    [],
  );
});

// Every declaration of the catalogue is shown by a fixture, judged by what the real library answered, and linked to its
// documentation. Declarations are found by their files, so that a message can say where something is missing.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { allLayers, allOperators, lookupLayer, lookupOperator } from "../../src/ops/index.ts";
import type { Layer, Operator } from "../../src/ops/operator.ts";
import { analyse } from "../fixtures/engine.ts";
import { readFixtures } from "../fixtures/markdown.ts";
import { readCases, recordings } from "../truth/decode.ts";

const sources = new URL("../../src/ops/", import.meta.url);
const fixtures = new URL("../fixtures/operators/", import.meta.url);
/** They only gather what other files declare. */
const GATHERING = ["catalogue.ts", "index.ts"];

/** All names of one `op({ … })` or `layer({ … })`: the very list stands for the declaration. */
type Declaration = readonly string[];

const declarationOf = (entry: Operator | Layer): Declaration => ("declared" in entry ? entry.declared : entry.names);
const filesIn = (folder: URL, ending: string): readonly string[] =>
  readdirSync(folder).filter((name) => name.endsWith(ending));

/** The file of every declaration. */
const files = new Map<Declaration, string>();
for (const file of filesIn(sources, ".ts")) {
  if (GATHERING.includes(file)) continue;
  const exported = Object.values((await import(new URL(file, sources).href)) as Readonly<Record<string, unknown>>);
  for (const value of exported.flat()) if (isEntry(value)) files.set(declarationOf(value), file);
}

function isEntry(value: unknown): value is Operator | Layer {
  return typeof value === "object" && value !== null && "names" in value && "apply" in value;
}

/** The declarations that are not in the set, each with what to do about it. */
function lacking(found: ReadonlySet<Declaration>, advice: (file: string, name: string) => string): readonly string[] {
  return [...files].flatMap(([names, file]) => (found.has(names) ? [] : [advice(file, names[0] ?? "")]));
}

test("the catalogue gathers every file of declarations", () => {
  const gathered = new Set([...allOperators(), ...allLayers()].map(declarationOf));
  expect(lacking(gathered, (file, name) => `${name}: add src/ops/${file} to src/ops/catalogue.ts`)).toEqual([]);
});

test("every file of declarations has a fixture of its name", () => {
  const declaring = [...new Set(files.values())].map((file) => file.replace(/\.ts$/, ".md")).sort();
  expect([...filesIn(fixtures, ".md")].sort()).toEqual(declaring);
});

test("every declaration gives a value in a fixture", () => {
  const used = new Set<Declaration>();
  const watch = (entry: Operator | Layer, value: boolean): void => void (value && used.add(declarationOf(entry)));
  for (const operator of allOperators()) {
    const { apply } = operator;
    vi.spyOn(operator, "apply").mockImplementation((call) => {
      const outcome = apply(call);
      watch(operator, "value" in outcome);
      return outcome;
    });
  }
  for (const layer of allLayers()) {
    const { apply } = layer;
    vi.spyOn(layer, "apply").mockImplementation((construction, call) => {
      const outcome = apply(construction, call);
      watch(layer, "value" in outcome);
      return outcome;
    });
  }
  for (const file of filesIn(fixtures, ".md"))
    for (const { text } of readFixtures(readFileSync(new URL(file, fixtures), "utf8"))) analyse("fixture.py", text);
  vi.restoreAllMocks();
  const page = (file: string): string => `test/fixtures/operators/${file.replace(/\.ts$/, ".md")}`;
  expect(
    lacking(used, (file, name) => `${name}: use it in ${page(file)}, docs/adding-an-operator.md says how`),
  ).toEqual([]);
});

test("every declaration is judged by recorded answers of its library", () => {
  const judged = new Set<Declaration>();
  for (const url of recordings().values()) {
    for (const { op, layer } of readCases(url)) {
      const entry = op === undefined ? lookupLayer(layer ?? "") : lookupOperator(op);
      if (entry !== null) judged.add(declarationOf(entry));
    }
  }
  const advice = "record it by npm run truth:record -- catalogue, with calls in scripts/truth/chosen.py if need be";
  expect(lacking(judged, (file, name) => `${name} in src/ops/${file}: ${advice}`)).toEqual([]);
});

test("every declaration has a page in the documentation of its library", () => {
  const linked = new Set(
    [...allOperators(), ...allLayers()].filter(({ docs }) => Object.keys(docs).length > 0).map(declarationOf),
  );
  expect(lacking(linked, (file, name) => `${name}: give it docs in src/ops/${file}`)).toEqual([]);
});

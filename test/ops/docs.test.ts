/**
 * What is printed from the catalogue: the pages under `docs`, one for each rule and the table of operators with what
 * the recordings say of them, and the keys of the severity setting. `npx vitest run test/ops/docs.test.ts -u` writes
 * them anew.
 */
import { readdirSync, readFileSync } from "node:fs";
import { format } from "prettier";
import { expect, test } from "vitest";
import { RULES } from "../../src/ops/rules.ts";
import { manifestWithRules, operatorTable, rulePage, ruleTable } from "./pages.ts";

const markdown = (text: string): Promise<string> => format(text, { parser: "markdown", printWidth: 120 });

for (const [code, rule] of Object.entries(RULES)) {
  test(`docs/rules/${code}.md`, async () => {
    await expect(await markdown(rulePage(code, rule))).toMatchFileSnapshot(`../../docs/rules/${code}.md`);
  });
}

test("docs/rules/README.md", async () => {
  await expect(await markdown(ruleTable(RULES))).toMatchFileSnapshot("../../docs/rules/README.md");
});

test("package.json names every rule in the severity setting", async () => {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  await expect(manifestWithRules(manifest, RULES)).toMatchFileSnapshot("../../package.json");
});

test("docs/operators.md", { timeout: 120_000 }, async () => {
  await expect(await markdown(operatorTable())).toMatchFileSnapshot("../../docs/operators.md");
});

test("every page belongs to a rule", () => {
  const pages = readdirSync(new URL("../../docs/rules", import.meta.url)).map((page) => page.replace(".md", ""));
  expect(pages.filter((page) => page !== "README" && !(page in RULES))).toEqual([]);
});

/**
 * The pages under `docs` that are printed from the catalogue: one for each rule, and the table of operators with
 * what the recordings say of them. `npx vitest run test/ops/docs.test.ts -u` writes them anew.
 */
import { readdirSync } from "node:fs";
import { format } from "prettier";
import { expect, test } from "vitest";
import { RULES } from "../../src/ops/rules.ts";
import { operatorTable, rulePage } from "./pages.ts";

const markdown = (text: string): Promise<string> => format(text, { parser: "markdown", printWidth: 120 });

for (const [code, rule] of Object.entries(RULES)) {
  test(`docs/rules/${code}.md`, async () => {
    await expect(await markdown(rulePage(code, rule))).toMatchFileSnapshot(`../../docs/rules/${code}.md`);
  });
}

test("docs/operators.md", { timeout: 120_000 }, async () => {
  await expect(await markdown(operatorTable())).toMatchFileSnapshot("../../docs/operators.md");
});

test("every page belongs to a rule", () => {
  const pages = readdirSync(new URL("../../docs/rules", import.meta.url)).map((page) => page.replace(".md", ""));
  expect(pages.filter((page) => !(page in RULES))).toEqual([]);
});

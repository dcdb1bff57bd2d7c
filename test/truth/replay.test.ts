/**
 * Replays what PyTorch and NumPy answered (`npm run truth:record`). A wrong shape or type, and an error where the
 * library has none, fail; what is not known does not.
 */
import { expect, test } from "vitest";
import { readCases } from "./decode.ts";
import { judge } from "./judge.ts";

for (const file of ["torch", "numpy", "operator", "layers"]) {
  const cases = readCases(new URL(`./${file}.jsonl`, import.meta.url));

  test(`${file}: ${cases.length} recorded calls`, () => {
    const judged = cases.map((one) => ({ one, ...judge(one) }));
    const wrong = judged.filter(({ verdict }) => verdict === "wrong");
    expect(wrong.map(({ one, said }) => `${JSON.stringify(one)} but we say ${said}`)).toEqual([]);
    expect(judged.filter(({ verdict }) => verdict === "right").length).toBeGreaterThan(cases.length / 2);
  });
}

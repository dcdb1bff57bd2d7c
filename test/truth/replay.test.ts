/**
 * Replays what PyTorch and NumPy answered (`npm run truth:record`). A wrong shape or type, and an error where the
 * library has none, fail; what is not known does not.
 */
import { expect, test } from "vitest";
import { readCases, recordings } from "./decode.ts";
import { judge } from "./judge.ts";
import { hidden, symbolic, whole, type View } from "./views.ts";

const VIEWS: readonly (() => View)[] = [() => whole, symbolic, () => hidden(1), () => hidden(2)];

for (const [file, url] of recordings()) {
  const cases = readCases(url);

  for (const view of VIEWS) {
    test(`${file}: ${cases.length} recorded calls, ${view().name}`, { timeout: 120_000 }, () => {
      const judged = cases.map((one) => ({ one, ...judge(one, view()) }));
      const wrong = judged.filter(({ verdict }) => verdict === "wrong");
      expect(wrong.map(({ one, said }) => `${JSON.stringify(one)} but we say ${said}`)).toEqual([]);
    });
  }

  test(`${file}: most answers are right`, { timeout: 120_000 }, () => {
    const verdicts = cases.filter(({ err }) => err === undefined).map((one) => judge(one).verdict);
    const right = verdicts.filter((verdict) => verdict === "right" || verdict === "partly").length;
    expect(right / verdicts.length).toBeGreaterThan(0.9);
  });
}

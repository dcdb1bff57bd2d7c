// Replays what PyTorch's own counter said of multiply-adds (`npm run truth:record -- costs`).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { asNumber } from "../../src/shapes/index.ts";
import type { Case } from "./decode.ts";
import { outcomeOf } from "./judge.ts";

type Counted = Case & { readonly macs: number };

const cases = JSON.parse(readFileSync(new URL("costs.json", import.meta.url), "utf8")) as readonly Counted[];

test.each(cases.map((one) => [`${one.op ?? one.layer ?? ""} ${JSON.stringify(one.args)}`, one] as const))(
  "%s",
  (_, one) => {
    const outcome = outcomeOf(one);
    const macs = typeof outcome === "string" || "problem" in outcome ? null : (outcome.cost?.macs ?? null);
    expect(macs === null ? outcome : asNumber(macs)).toBe(one.macs);
  },
);

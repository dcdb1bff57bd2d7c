/** A bench in a link: text that fits into an address, checked when it comes back. Given values and changed kernels stay at home. */

import * as v from "valibot";
import { bench as schema, type Bench } from "./state.ts";

/** The name of the parameter that holds the bench. */
export const LINK_PARAMETER = "bench";

/** The bench as text for a link: without the place in someone's files, and with random values for given ones. */
export function linkText(bench: Bench): string {
  const { source: _, ...operation } = bench.operation;
  const fills = bench.fills.map((fill) => (fill === "given" ? "normal" : fill));
  const json = JSON.stringify({ ...bench, operation, fills, given: [], texts: {} });
  // Addresses are decoded on their way, once or twice; without a percent sign there is nothing to decode.
  return encodeURIComponent(json).replaceAll(".", "%2E").replaceAll("%", ".");
}

/** The bench that a link holds, or nothing when it is not one of ours. */
export function benchFrom(text: string): Bench | undefined {
  try {
    const result = v.safeParse(schema, JSON.parse(decodeURIComponent(text.replaceAll(".", "%"))));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

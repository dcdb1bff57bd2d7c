/** The definition of a matrix product, one thread for each number. */

import wgsl from "./naive.wgsl";
import { matmulText, type MatmulKernel } from "./kernel.ts";

export const naive: MatmulKernel = {
  name: "naive",
  description: "One thread for each number of the result, straight from the definition.",
  requires: [],
  wgsl: matmulText(wgsl, "numbers"),
  reads: "numbers",
  variants: [{ tile: [8, 8], threads: 64 }],
};

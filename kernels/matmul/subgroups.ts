/** Numbers of a handed from register to register within a subgroup. */

import wgsl from "./subgroups.wgsl";
import { matmulText, type MatmulKernel } from "./kernel.ts";

export const subgroups: MatmulKernel = {
  name: "subgroups",
  description: "An 8 × 4 piece of the result for each thread; the threads of a subgroup share what they read of a.",
  requires: ["subgroups"],
  wgsl: matmulText(wgsl, "blocks"),
  reads: "blocks",
  variants: [{ tile: [8, 512], threads: 128 }],
};

/** A piece of the result in registers, vector loads, no workgroup memory. */

import wgsl from "./vec4.wgsl";
import { matmulText, type MatmulKernel, type Variant } from "./kernel.ts";

export const vec4: MatmulKernel = {
  name: "vec4",
  description: "An 8 × 8 piece of the result in each thread's registers, four numbers a load, no workgroup memory.",
  requires: [],
  wgsl: matmulText(wgsl, "blocks"),
  reads: "blocks",
  variants: [
    variant(8, 8, 2, 2),
    variant(8, 8, 1, 1),
    variant(16, 4, 1, 2),
    variant(16, 4, 2, 2),
    variant(16, 8, 1, 1),
    variant(16, 16, 2, 2),
  ],
};

/** So many threads along n and m, each making so many blocks along m and n. */
function variant(groupN: number, groupM: number, high: 1 | 2, wide: 1 | 2): Variant {
  return {
    tile: [4 * high * groupM, 4 * wide * groupN],
    threads: groupN * groupM,
    constants: { GROUP_N: groupN, GROUP_M: groupM, WIDE: wide - 1, TALL: high - 1 },
  };
}

/** Tiles in workgroup memory, one number of the result for each thread. */

import wgsl from "./tiled.wgsl";
import { matmulText, type MatmulKernel } from "./kernel.ts";

export const tiled: MatmulKernel = {
  name: "tiled",
  description: "Tiles of 16 × 16 in workgroup memory, one number of the result for each thread.",
  requires: [],
  wgsl: matmulText(wgsl, "numbers"),
  reads: "numbers",
  variants: [
    { tile: [16, 16], threads: 256, workgroupBytes: 2048, constants: { TILE: 16 } },
    { tile: [8, 8], threads: 64, workgroupBytes: 512, constants: { TILE: 8 } },
  ],
};

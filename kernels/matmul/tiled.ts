/** Tiles in workgroup memory, one number of the result for each thread. */

import wgsl from "./tiled.wgsl";
import { matmulProgram, type MatmulKernel } from "./kernel.ts";

export const tiled: MatmulKernel = {
  name: "tiled",
  description: "Tiles of 16 × 16 in workgroup memory, one number of the result for each thread.",
  requires: [],
  program: matmulProgram("tiled", wgsl),
  tile: [16, 16],
  smaller: { threads: 256, tile: [8, 8], constants: { TILE: 8 } },
};

/** Tiles in workgroup memory and an 8 × 8 piece of the result in registers. */

import wgsl from "./register-blocked.wgsl";
import { matmulText, type MatmulKernel } from "./kernel.ts";

export const registerBlocked: MatmulKernel = {
  name: "register-blocked",
  description: "Tiles of 64 × 16 in workgroup memory and an 8 × 8 piece of the result in each thread's registers.",
  requires: [],
  wgsl: matmulText(wgsl, "blocks"),
  reads: "blocks",
  variants: [
    { tile: [64, 64], threads: 64, workgroupBytes: 8192, constants: { GROUP: 8 } },
    { tile: [128, 128], threads: 256, workgroupBytes: 16384, constants: { GROUP: 16 } },
  ],
};

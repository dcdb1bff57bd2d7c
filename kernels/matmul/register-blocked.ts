/** Tiles in workgroup memory and an 8 × 8 piece of the result in registers. */

import wgsl from "./register-blocked.wgsl";
import { matmulProgram, type MatmulKernel } from "./kernel.ts";

export const registerBlocked: MatmulKernel = {
  name: "register-blocked",
  description: "Tiles of 64 × 16 in workgroup memory and an 8 × 8 piece of the result in each thread's registers.",
  requires: [],
  program: matmulProgram("register-blocked", wgsl),
  tile: [64, 64],
};

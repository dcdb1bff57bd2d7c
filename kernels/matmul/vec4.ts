/** An 8 × 8 piece of the result in registers, vector loads, no workgroup memory. */

import wgsl from "./vec4.wgsl";
import { matmulProgram, type MatmulKernel } from "./kernel.ts";

export const vec4: MatmulKernel = {
  name: "vec4",
  description: "An 8 × 8 piece of the result in each thread's registers, four numbers a load, no workgroup memory.",
  requires: [],
  program: matmulProgram("vec4", wgsl),
  tile: [64, 64],
};

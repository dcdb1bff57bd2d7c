/** The definition of a matrix product, one thread for each number. */

import wgsl from "./naive.wgsl";
import { matmulProgram, type MatmulKernel } from "./kernel.ts";

export const naive: MatmulKernel = {
  name: "naive",
  description: "One thread for each number of the result, straight from the definition.",
  requires: [],
  program: matmulProgram("naive", wgsl),
  tile: [8, 8],
};

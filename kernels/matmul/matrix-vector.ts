/** For one row, or a few: the sum over k is shared among threads. */

import wgsl from "./matrix-vector.wgsl";
import { matmulProgram, type MatmulKernel } from "./kernel.ts";

export const matrixVector: MatmulKernel = {
  name: "matrix-vector",
  description: "For up to four rows: 8 threads share the sum of each column.",
  requires: [],
  program: matmulProgram("matrix-vector", wgsl),
  tile: [4, 32],
};

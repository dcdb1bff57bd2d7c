/** For one row, or a few: the sum over k is shared among threads. */

import wgsl from "./matrix-vector.wgsl";
import { matmulText, type MatmulKernel } from "./kernel.ts";

export const matrixVector: MatmulKernel = {
  name: "matrix-vector",
  description: "For up to four rows: 8 threads share the sum of each column.",
  requires: [],
  wgsl: matmulText(wgsl, "blocks"),
  reads: "blocks",
  variants: [{ tile: [4, 32], threads: 64, workgroupBytes: 4096 }],
  constantsFor: ({ m }) => ({ SINGLE: m === 1 ? 1 : 0 }),
};

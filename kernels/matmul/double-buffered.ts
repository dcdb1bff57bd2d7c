/** Register blocks from two sets of tiles in workgroup memory, one fetched while the other is used. */

import wgsl from "./double-buffered.wgsl";
import { matmulText, type MatmulKernel } from "./kernel.ts";

export const doubleBuffered: MatmulKernel = {
  name: "double-buffered",
  description: "Register-blocked, with the next tiles fetched into workgroup memory while these are used.",
  requires: [],
  wgsl: matmulText(wgsl, "blocks"),
  reads: "blocks",
  variants: [{ tile: [64, 64], threads: 64, workgroupBytes: 16384 }],
};

/** Small results of long sums: the sum is cut into parts, which a second step adds up. */

import type { DeviceFacts, JobBuffer, Step } from "../device/job.ts";
import { layout } from "../device/layout.ts";
import { storedAs } from "../storage/index.ts";
import {
  matmulBuffers,
  matmulConstants,
  matmulProgram,
  matmulStep,
  matmulText,
  type GpuMatmul,
  type MatmulKernel,
  type Variant,
} from "./kernel.ts";
import wgsl from "./split-k.wgsl";
import sumWgsl from "./sum-parts.wgsl";

const name = "split-k";
const sumName = "sum-parts";
const sumText = matmulText(sumWgsl, "blocks");

/** Workgroups to aim at, and the shortest part of a sum that is worth a thread's while. */
const groupsWanted = 64;
const shortestPart = 64;

export const splitK: MatmulKernel = {
  name,
  description: "For small results of long sums: the sum is cut into parts, which a second step adds up.",
  requires: [],
  wgsl: matmulText(wgsl, "blocks"),
  reads: "blocks",
  variants: [{ tile: [32, 32], threads: 64 }],
  steps: splitSteps,
  more: [matmulProgram(sumName, sumText)],
};

function splitSteps(work: GpuMatmul, device: DeviceFacts, variant: Variant): readonly Step[] {
  const { layout: to } = work.c;
  const [rows, columns] = variant.tile;
  const tiles = Math.ceil(to.paddedRows / rows) * Math.ceil(to.rowStride / columns) * to.count;
  const parts = Math.max(1, Math.min(Math.ceil(groupsWanted / tiles), Math.floor(work.k / shortestPart)));
  const partsLayout = layout(to.count * parts, to.rows, to.columns);
  const sums: JobBuffer = { label: "the parts of the sums", kind: "storage", bytes: partsLayout.bytes };
  const c = { layout: layout(to.count, to.rows, to.columns), buffer: sums };
  const unfinished = { ...work, bias: undefined, activation: undefined, c };
  const multiply = matmulStep(splitK, unfinished, device, variant, parts);
  return [{ ...multiply, workgroups: multiply.workgroups * parts }, sumStep(work, sums, device, parts)];
}

function sumStep(work: GpuMatmul, sums: JobBuffer, { features }: DeviceFacts, parts: number): Step {
  const { layout: to } = work.c;
  const summed = { ...work, a: { ...work.a, buffer: sums }, b: { ...work.b, buffer: sums } };
  const stored = { A: "float32", B: "float32", C: storedAs(to.storage, features) } as const;
  return {
    program: matmulProgram(sumName, sumText, stored),
    constants: matmulConstants(work),
    buffers: matmulBuffers(summed, parts),
    workgroups: Math.ceil((to.count * to.matrixStride) / 4 / 64),
  };
}

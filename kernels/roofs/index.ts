/**
 * The two roofs of a device: multiply-adds and bytes a second, measured by kernels that do nothing else. It knows no
 * operator, and takes nobody's word for what a device can do.
 */

import type { Gpu } from "../device/gpu.ts";
import type { Job, JobBuffer, Program } from "../device/job.ts";
import { timing } from "../device/timing.ts";
import type { MeasureOptions, Roofs, Timing } from "../types.ts";
import copyWgsl from "./copy.wgsl";
import wgsl from "./multiply-adds.wgsl";

const arithmetic: Program = { name: "multiply-adds", wgsl, bindings: ["uniform", "storage"] };
const copying: Program = { name: "copy", wgsl: copyWgsl, bindings: ["read-only-storage", "storage"] };

/** Enough threads for the largest devices, and more bytes than their caches hold. */
const threads = 2 ** 18;
const copiedBytes = 2 ** 26;
/** Eight sums of four numbers, 64 times, a multiplication and an addition each. */
const flopsOfThread = 8 * 4 * 64 * 2;

export async function measureRoofs(gpu: Gpu, { budget = 500, ...options }: MeasureOptions): Promise<Roofs> {
  const part = { ...options, budget: budget / 3 };
  const plain = await measureArithmetic(gpu, false, part);
  const fused = await measureArithmetic(gpu, true, part);
  const best = fused.gflopsPerSecond > plain.gflopsPerSecond ? fused : plain;
  const copied = await measureCopy(gpu, part);
  return {
    gflopsPerSecond: best.gflopsPerSecond,
    gigabytesPerSecond: copied.gigabytesPerSecond,
    arithmetic: best,
    bandwidth: copied,
  };
}

async function measureArithmetic(gpu: Gpu, fused: boolean, options: MeasureOptions): Promise<Timing> {
  const y: JobBuffer = { label: "the sums", kind: "storage", bytes: 16 * threads };
  const seed = (): Float32Array => Float32Array.of(0.5, 0.25, 0.125, 0.75);
  const step = {
    program: arithmetic,
    constants: { FUSED: fused ? 1 : 0 },
    buffers: [{ label: "the seed", kind: "uniform", bytes: 16, contents: seed } as const, y],
    workgroups: threads / 64,
  };
  const cost = { flops: flopsOfThread * threads, bytes: 16 * threads, shape: [threads, 4] };
  return timing(arithmetic.name, cost, await gpu.measure({ steps: [step], outputs: [] }, options));
}

async function measureCopy(gpu: Gpu, options: MeasureOptions): Promise<Timing> {
  const { maxBufferSize, maxStorageBufferBindingSize } = gpu.facts.limits;
  const bytes = Math.floor(Math.min(copiedBytes, maxBufferSize, maxStorageBufferBindingSize) / 1024) * 1024;
  const [x, y] = (["x", "y"] as const).map((label): JobBuffer => ({ label, kind: "storage", bytes }));
  const buffers = x && y ? [x, y] : [];
  const job: Job = { steps: [{ program: copying, buffers, workgroups: bytes / 1024 }], outputs: [] };
  const cost = { flops: 0, bytes: 2 * bytes, shape: [bytes / 4] };
  return timing(copying.name, cost, await gpu.measure(job, options));
}

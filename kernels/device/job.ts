/**
 * A job is what the GPU is asked to do, as plain data: buffers, and steps that run programs over them. Because it is
 * data, it can be held against the device's limits before a byte is allocated.
 */

import type { Layout } from "./layout.ts";
import { printBytes, RequestError } from "../shapes.ts";

/** A WGSL file with what it binds, in order from binding 0 of group 0; its entry point is `main`. */
export interface Program {
  readonly name: string;
  readonly wgsl: string;
  readonly bindings: readonly GPUBufferBindingType[];
}

/** What a job is built for. */
export interface DeviceFacts {
  readonly limits: GPUSupportedLimits;
  readonly features: GPUSupportedFeatures;
}

export type Contents = Float32Array | Uint32Array | Uint16Array | ArrayBuffer;

export interface JobBuffer {
  /** What it holds, for a sentence: "the scores". */
  readonly label: string;
  readonly kind: "uniform" | "storage";
  readonly bytes: number;
  /** What to write before the first step; nothing for a buffer that the steps fill. */
  readonly contents?: (() => Contents) | undefined;
}

export interface Step {
  readonly program: Program;
  readonly constants?: Readonly<Record<string, number>> | undefined;
  /** One for each binding of the program. */
  readonly buffers: readonly JobBuffer[];
  /** How many workgroups, counted along one line; a kernel finds its place by `x + y * num_workgroups.x`. */
  readonly workgroups: number;
}

export interface Job {
  readonly steps: readonly Step[];
  /** What to read back. */
  readonly outputs: readonly Output[];
}

export interface Output {
  readonly buffer: JobBuffer;
  readonly layout: Layout;
  /** Rows and columns are meant the other way round. */
  readonly turned?: boolean | undefined;
}

export function jobBuffers(job: Job): readonly JobBuffer[] {
  return [...new Set([...job.outputs.map(({ buffer }) => buffer), ...job.steps.flatMap((step) => step.buffers)])];
}

/** Throws a sentence if the job cannot fit the device. */
export function checkLimits(job: Job, limits: GPUSupportedLimits): void {
  const allowed = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  for (const buffer of jobBuffers(job)) {
    if (buffer.bytes > allowed) {
      throw new RequestError(
        `This is too large for the device: ${buffer.label} would take ${printBytes(buffer.bytes)}, and one buffer ` +
          `here may hold ${printBytes(allowed)}.`,
      );
    }
  }
  const most = limits.maxComputeWorkgroupsPerDimension ** 2;
  for (const step of job.steps) {
    if (step.workgroups > most) {
      throw new RequestError(
        `This is too large for the device: ${step.program.name} would need ${step.workgroups} workgroups, and one ` +
          `dispatch here may have ${most}.`,
      );
    }
  }
}

/** A line of workgroups folded into rows that the device accepts. A few may be surplus; kernels skip those. */
export function foldWorkgroups(count: number, limits: GPUSupportedLimits): readonly [number, number] {
  const most = limits.maxComputeWorkgroupsPerDimension;
  if (count <= most) return [count, 1];
  const rows = Math.ceil(count / most);
  return [Math.ceil(count / rows), rows];
}

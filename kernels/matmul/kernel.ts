/**
 * What every matmul kernel shares: its bindings, its parameters, and the way from a plan to a step. A kernel adds its
 * WGSL and the size of the tile that one workgroup makes.
 */

import { layout, type Layout } from "../device/layout.ts";
import type { JobBuffer, Program, Step } from "../device/job.ts";

export interface MatmulKernel {
  readonly name: string;
  readonly description: string;
  readonly requires: readonly GPUFeatureName[];
  readonly program: Program;
  /** Rows and columns of the result that one workgroup makes. */
  readonly tile: readonly [rows: number, columns: number];
  /** What to use instead where a workgroup may not have so many threads. */
  readonly smaller?: Smaller;
}

interface Smaller {
  readonly threads: number;
  readonly tile: readonly [rows: number, columns: number];
  readonly constants: Readonly<Record<string, number>>;
}

/** A stack of matrices in a GPU buffer. */
export interface GpuOperand {
  readonly layout: Layout;
  readonly buffer: JobBuffer;
  /** Stored with rows and columns swapped. */
  readonly transposed: boolean;
}

/** A product of stacks of matrices that lie in GPU buffers. */
export interface GpuMatmul {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: GpuOperand;
  readonly b: GpuOperand;
  readonly c: Omit<GpuOperand, "transposed">;
  /** For each matrix of the result, the matrices of a and b that it multiplies. */
  readonly pairs: () => Uint32Array;
}

const matmulBindings: readonly GPUBufferBindingType[] = [
  "uniform",
  "read-only-storage",
  "read-only-storage",
  "read-only-storage",
  "storage",
];

export function matmulProgram(name: string, wgsl: string): Program {
  return { name, wgsl, bindings: matmulBindings };
}

export function matmulStep(kernel: MatmulKernel, work: GpuMatmul, limits: GPUSupportedLimits): Step {
  const [aLayout, bLayout, cLayout] = [work.a.layout, work.b.layout, work.c.layout];
  const params = [work.m, work.n, work.k, cLayout.count, aLayout.rowStride, bLayout.rowStride, cLayout.rowStride];
  const strides = [aLayout.matrixStride, bLayout.matrixStride, cLayout.matrixStride];
  const tooMany = kernel.smaller !== undefined && kernel.smaller.threads > limits.maxComputeInvocationsPerWorkgroup;
  const variant = tooMany ? kernel.smaller : undefined;
  const [rows, columns] = variant?.tile ?? kernel.tile;
  const tiles = Math.ceil(cLayout.paddedRows / rows) * Math.ceil(cLayout.rowStride / columns);
  return {
    program: kernel.program,
    constants: {
      ...variant?.constants,
      TRANSPOSE_A: work.a.transposed ? 1 : 0,
      TRANSPOSE_B: work.b.transposed ? 1 : 0,
    },
    buffers: [
      { label: "the sizes", kind: "uniform", bytes: 48, contents: () => Uint32Array.of(...params, ...strides) },
      { label: "the list of matrices", kind: "storage", bytes: 8 * cLayout.count, contents: work.pairs },
      work.a.buffer,
      work.b.buffer,
      work.c.buffer,
    ],
    workgroups: tiles * cLayout.count,
  };
}

/** The layout of an operand as it is stored, before any transposition. */
export function operandLayout(count: number, rows: number, columns: number, transposed: boolean): Layout {
  return transposed ? layout(count, columns, rows) : layout(count, rows, columns);
}

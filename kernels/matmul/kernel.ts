/**
 * What every matmul kernel shares: its bindings, its parameters, and the way from a plan to a step. A kernel adds its
 * WGSL and the sizes of tiles that it can be compiled for.
 */

import activation from "../elementwise/activation.wgsl";
import { activationCode } from "../elementwise/activation.ts";
import type { Layout } from "../device/layout.ts";
import { layout } from "../device/layout.ts";
import type { DeviceFacts, JobBuffer, Program, Step } from "../device/job.ts";
import { RequestError } from "../shapes.ts";
import { storedAs, withStorage, type Stored } from "../storage/index.ts";
import type { Activation } from "../types.ts";
import blocks from "./blocks.wgsl";
import parameters from "./parameters.wgsl";

export interface MatmulKernel {
  readonly name: string;
  readonly description: string;
  readonly requires: readonly GPUFeatureName[];
  /** Its own text, the parts that it shares with others, and what it is compiled for; the first fits any device. */
  readonly wgsl: string;
  readonly reads: "blocks" | "numbers";
  readonly variants: readonly Variant[];
  /** What else it is compiled for. */
  readonly constantsFor?: (work: GpuMatmul) => Readonly<Record<string, number>>;
  /** A kernel of more than one step builds them itself. */
  readonly steps?: (work: GpuMatmul, device: DeviceFacts, variant: Variant) => readonly Step[];
  /** Further programs that the steps run, for looking at. */
  readonly more?: readonly Program[];
}

/** One way of compiling a kernel. */
export interface Variant {
  /** Rows and columns of the result that one workgroup makes. */
  readonly tile: readonly [rows: number, columns: number];
  readonly threads: number;
  readonly workgroupBytes?: number;
  readonly constants?: Readonly<Record<string, number>>;
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
  /** One number for each column, or one for all. */
  readonly bias?: Float32Array | undefined;
  readonly activation?: Activation | undefined;
}

const bindings: readonly GPUBufferBindingType[] = [
  "uniform",
  "read-only-storage",
  "read-only-storage",
  "read-only-storage",
  "read-only-storage",
  "storage",
];

/** A kernel's own text with what it shares with the others. */
export function matmulText(own: string, reads: MatmulKernel["reads"]): string {
  return [own, ...(reads === "blocks" ? [blocks] : []), parameters, activation].join("\n");
}

export function matmulProgram(
  name: string,
  wgsl: string,
  stored: Readonly<Record<"A" | "B" | "C", Stored>> = { A: "float32", B: "float32", C: "float32" },
): Program {
  return { name, wgsl: withStorage(wgsl, stored), bindings };
}

/** The variants that the device can run; there is always one. */
export function variantsOn(kernel: MatmulKernel, { limits }: DeviceFacts): readonly [Variant, ...Variant[]] {
  const [first, ...others] = kernel.variants.filter(({ threads, workgroupBytes = 0 }) => {
    return (
      threads <= limits.maxComputeInvocationsPerWorkgroup && workgroupBytes <= limits.maxComputeWorkgroupStorageSize
    );
  });
  if (first !== undefined) return [first, ...others];
  throw new RequestError(`The kernel ${kernel.name} needs larger workgroups than this device allows.`);
}

export function matmulSteps(
  kernel: MatmulKernel,
  work: GpuMatmul,
  device: DeviceFacts,
  variant: Variant = variantsOn(kernel, device)[0],
): readonly Step[] {
  return kernel.steps?.(work, device, variant) ?? [matmulStep(kernel, work, device, variant)];
}

/** One step that makes the whole product, or `parts` sums of it for another step to add up. */
export function matmulStep(
  kernel: MatmulKernel,
  work: GpuMatmul,
  device: DeviceFacts,
  variant: Variant,
  parts = 1,
): Step {
  const { layout: to } = work.c;
  const [rows, columns] = variant.tile;
  const tiles = Math.ceil(to.paddedRows / rows) * Math.ceil(to.rowStride / columns);
  return {
    program: matmulProgram(kernel.name, kernel.wgsl, storedOperands(kernel, work, device)),
    constants: { ...variant.constants, ...kernel.constantsFor?.(work), ...matmulConstants(work) },
    buffers: matmulBuffers(work, parts),
    workgroups: tiles * to.count,
  };
}

function storedOperands(kernel: MatmulKernel, work: GpuMatmul, { features }: DeviceFacts) {
  const stored = (of: { readonly layout: Layout }): Stored => storedAs(of.layout.storage, features);
  const all = { A: stored(work.a), B: stored(work.b), C: stored(work.c) };
  if (kernel.reads === "blocks" || !Object.values(all).includes("packed16")) return all;
  throw new RequestError(
    `The kernel ${kernel.name} reads one number at a time, and this device was made without shader-f16, so it ` +
      "cannot do so in float16.",
  );
}

export function matmulConstants(work: Pick<GpuMatmul, "a" | "b" | "bias" | "activation">): Record<string, number> {
  return {
    TRANSPOSE_A: work.a.transposed ? 1 : 0,
    TRANSPOSE_B: work.b.transposed ? 1 : 0,
    BIASED: work.bias === undefined ? 0 : 1,
    ACTIVATION: activationCode(work.activation),
  };
}

export function matmulBuffers(work: GpuMatmul, parts: number): readonly JobBuffer[] {
  const [aLayout, bLayout, cLayout] = [work.a.layout, work.b.layout, work.c.layout];
  const { bias } = work;
  const sizes = [work.m, work.n, work.k, cLayout.count, aLayout.rowStride, bLayout.rowStride, cLayout.rowStride];
  const strides = [aLayout.matrixStride, bLayout.matrixStride, cLayout.matrixStride];
  const params = [...sizes, ...strides, bias === undefined || bias.length === 1 ? 0 : 1, parts];
  return [
    { label: "the sizes", kind: "uniform", bytes: 48, contents: () => Uint32Array.from(params) },
    { label: "the list of matrices", kind: "storage", bytes: 8 * cLayout.count, contents: work.pairs },
    { label: "the bias", kind: "storage", bytes: 4 * (bias?.length ?? 0), contents: bias && (() => bias) },
    work.a.buffer,
    work.b.buffer,
    work.c.buffer,
  ];
}

/** The layout of an operand as it is stored, before any transposition. */
export function operandLayout(
  count: number,
  rows: number,
  columns: number,
  { transposed, storage = "float32" }: { readonly transposed: boolean; readonly storage?: Layout["storage"] },
): Layout {
  return transposed ? layout(count, columns, rows, { storage }) : layout(count, rows, columns, { storage });
}

/** The attention kernels and the rule that picks one. Picker, benchmark and tests walk the same list. */

import { composed, scoresLayout } from "./composed.ts";
import { flash } from "./flash.ts";
import type { AttentionKernel } from "./kernel.ts";
import type { AttentionPlan } from "./plan.ts";

export const attentionKernels: readonly AttentionKernel[] = [composed, flash];

/**
 * The default without measurements: wide heads make the fused kernel repeat its scores, so there the composed one
 * wins as long as its scores fit.
 */
export function pickAttention(plan: AttentionPlan, limits: GPUSupportedLimits): AttentionKernel {
  const fits = scoresLayout(plan).bytes <= Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  return plan.valueDim > 128 && fits ? composed : flash;
}

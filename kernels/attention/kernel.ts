/** What an attention kernel declares. Its job's first output is the result. */

import type { DeviceFacts, Job, Program } from "../device/job.ts";
import type { AttentionRequest } from "../types.ts";
import type { AttentionPlan } from "./plan.ts";

export interface AttentionKernel {
  readonly name: string;
  readonly description: string;
  readonly requires: readonly GPUFeatureName[];
  readonly programs: readonly Program[];
  readonly job: (request: AttentionRequest, plan: AttentionPlan, device: DeviceFacts) => Job;
}

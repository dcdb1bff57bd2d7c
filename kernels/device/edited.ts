/** Programs whose text someone has changed by hand, put in the place of a job's own. It knows texts, not what they do. */

import { RequestError } from "../shapes.ts";
import type { Job, Step } from "./job.ts";

/** The same job with other texts, by the names of its programs. */
export function withTexts(job: Job, texts: Readonly<Record<string, string>> | undefined): Job {
  if (texts === undefined) return job;
  const names = new Set(job.steps.map(({ program }) => program.name));
  const unknown = Object.keys(texts).find((name) => !names.has(name));
  if (unknown !== undefined) {
    throw new RequestError(`This runs no program named ${unknown}; it runs ${[...names].join(", ")}.`);
  }
  return { ...job, steps: job.steps.map((step) => withText(step, texts[step.program.name])) };
}

/** A text may do without some of the constants that the kernel is compiled with. */
function withText(step: Step, wgsl: string | undefined): Step {
  if (wgsl === undefined) return step;
  if (step.program.wgsl.includes("StoredC = vec2u") || step.program.wgsl.startsWith("enable f16;")) {
    throw new RequestError("A text of one's own runs with numbers in float32; this asks for float16.");
  }
  const declared = Object.entries(step.constants ?? {}).filter(([name]) => {
    return new RegExp(`\\boverride\\s+${name}\\b`).test(wgsl);
  });
  return { ...step, program: { ...step.program, wgsl }, constants: Object.fromEntries(declared) };
}

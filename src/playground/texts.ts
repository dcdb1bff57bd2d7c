/** Kernels whose WGSL a person has changed: the texts in place of ours, by kernel and by the name of each program. */

import type { Bench } from "./state.ts";

/** The changed texts of a kernel, if there are any. */
export const textsOf = (bench: Bench, kernel: string | undefined): Readonly<Record<string, string>> | undefined =>
  kernel === undefined ? undefined : bench.texts[kernel];

/** The bench that runs this text in place of the kernel's own, and the kernel with it. */
export function withText(bench: Bench, kernel: string, program: string, wgsl: string): Bench {
  const own = { ...bench.texts[kernel], [program]: wgsl };
  return { ...bench, kernel, texts: { ...bench.texts, [kernel]: own } };
}

/** The kernel as it was. */
export function withoutTexts(bench: Bench, kernel: string): Bench {
  const { [kernel]: _, ...rest } = bench.texts;
  return { ...bench, texts: rest };
}

/** What this thread can do at most in plain JavaScript: multiply-adds in variables, and copies of arrays. */

import { steadyTiming, timing } from "../device/timing.ts";
import type { Cost, MeasureOptions, Roofs, Timing } from "../types.ts";

const steps = 1 << 16;
const numbers = 1 << 22;

export async function measureCpuRoofs({ budget = 200, signal }: MeasureOptions): Promise<Roofs> {
  const options = { budget: budget / 2, signal };
  const arithmetic = await measure("multiply-adds", { flops: 16 * steps, bytes: 0, shape: [] }, multiplyAdds, options);
  const [from, to] = [new Float32Array(numbers), new Float32Array(numbers)];
  const cost = { flops: 0, bytes: 8 * numbers, shape: [numbers] };
  const bandwidth = await measure("copy", cost, () => to.set(from), options);
  const { gflopsPerSecond } = arithmetic;
  return { gflopsPerSecond, gigabytesPerSecond: bandwidth.gigabytesPerSecond, arithmetic, bandwidth };
}

async function measure(name: string, cost: Cost, work: () => void, options: MeasureOptions): Promise<Timing> {
  const sample = async (runs: number): Promise<number> => {
    const start = performance.now();
    for (let run = 0; run < runs; run++) work();
    return performance.now() - start;
  };
  return timing(name, cost, await steadyTiming({ clock: "cpu", sample }, options));
}

/** Where the sums go, so that the work is not left out. */
const sums = new Float64Array(8);

function multiplyAdds(): void {
  let [x0, x1, x2, x3, x4, x5, x6, x7] = [1, 2, 3, 4, 5, 6, 7, 8];
  const [a, b] = [0.5, sums.length / 32];
  for (let i = 0; i < steps; i++) {
    x0 = x0 * a + b;
    x1 = x1 * a + b;
    x2 = x2 * a + b;
    x3 = x3 * a + b;
    x4 = x4 * a + b;
    x5 = x5 * a + b;
    x6 = x6 * a + b;
    x7 = x7 * a + b;
  }
  sums.set([x0, x1, x2, x3, x4, x5, x6, x7]);
}

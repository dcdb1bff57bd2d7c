/**
 * Measures until the figure is steady. It is given a way to take one sample and knows nothing of what is measured.
 */

import type { Clock, Cost, MeasureOptions, Timing } from "../types.ts";

export interface Sampler {
  readonly clock: Clock;
  /** Runs the work so many times without a pause and gives the milliseconds that all of them took. */
  readonly sample: (runs: number) => Promise<number>;
}

export interface SampledTiming {
  readonly clock: Clock;
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly samples: number;
  readonly runsPerSample: number;
  readonly steady: boolean;
}

/** The figures of a measurement beside what the work costs. */
export function timing(kernel: string, cost: Cost, sampled: SampledTiming): Timing {
  const perSecond = (amount: number): number => (sampled.median > 0 ? amount / sampled.median / 1e6 : 0);
  const { flops, bytes } = cost;
  return {
    kernel,
    ...sampled,
    flops,
    bytes,
    gflopsPerSecond: perSecond(flops),
    gigabytesPerSecond: perSecond(bytes),
  };
}

/** Browsers round the GPU's clock to 0.1 ms, and a page's clock also counts the way to the GPU and back. */
const shortestSample: Readonly<Record<Clock, number>> = { "timestamp-query": 2, queue: 10, cpu: 5 };
const usualBudget = 500;
const fewestSamples = 5;
const mostSamples = 50;
const steadySpread = 0.05;

export interface SamplingOptions extends MeasureOptions {
  /** A first run of more milliseconds than this is the whole measurement. */
  readonly giveUpAbove?: number | undefined;
}

export async function steadyTiming({ clock, sample }: Sampler, options: SamplingOptions): Promise<SampledTiming> {
  const end = performance.now() + (options.budget ?? usualBudget);
  const sampleUnlessAborted: Sampler["sample"] = (runs) => {
    options.signal?.throwIfAborted();
    return sample(runs);
  };
  // The first run warms the caches; it is thrown away, unless it took so long that caches do not matter.
  const first = await sampleUnlessAborted(1);
  if (first > (options.giveUpAbove ?? 2 * (options.budget ?? usualBudget))) return summarise(clock, [first], 1);
  const runs = await chooseRuns(sampleUnlessAborted, shortestSample[clock], end);
  const times = [(await sampleUnlessAborted(runs)) / runs];
  let timing = summarise(clock, times, runs);
  while (times.length < mostSamples && performance.now() < end && !timing.steady) {
    times.push((await sampleUnlessAborted(runs)) / runs);
    timing = summarise(clock, times, runs);
  }
  return timing;
}

/** Enlarges the sample until the clock can tell its length. */
async function chooseRuns(sample: Sampler["sample"], target: number, end: number): Promise<number> {
  let runs = 1;
  while (runs < 4096 && performance.now() < end) {
    const took = await sample(runs);
    if (took >= target) break;
    runs = Math.min(runs * 8, Math.max(runs * 2, Math.ceil((runs * target) / Math.max(took, target / 8))));
  }
  return runs;
}

function summarise(clock: Clock, times: readonly number[], runsPerSample: number): SampledTiming {
  const sorted = times.toSorted((a, b) => a - b);
  const [low, median, high] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
  const steady = times.length >= fewestSamples && high - low <= steadySpread * median;
  return { clock, median, low, high, samples: times.length, runsPerSample, steady };
}

function quantile(sorted: readonly number[], fraction: number): number {
  const place = fraction * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

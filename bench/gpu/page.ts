/** What runs in the browser: measures one row after another and tells each. It knows contenders by name only. */

import { jaxJs, onnxruntime, ours, oursWithoutGpu, tfjs, type Contender, type Prepared } from "./contenders.ts";
import { everything, exactly, flopsOf, operandsOf, type Work } from "./work.ts";

export interface Figure {
  readonly contender: string;
  /** A thousand million operations a second; undefined if it was not measured, and why. */
  readonly rate?: number;
  readonly label?: string | undefined;
  readonly why?: string;
  /** The greatest error of some numbers of the result, as a share of their size. */
  readonly error?: number;
}

export interface Row {
  readonly title: string;
  readonly kind: Work["kind"];
  readonly figures: readonly Figure[];
}

export interface Machine {
  readonly adapter: string;
  readonly software: boolean;
  readonly features: readonly string[];
}

export interface Settings {
  /** The longest that one run may be expected to take, and how long to measure each contender in each round. */
  readonly longestRun: number;
  readonly perRound: number;
  readonly rounds: number;
}

declare global {
  interface Window {
    machine: () => Promise<Machine | undefined>;
    measure: (settings: Settings) => Promise<void>;
    kernelTable: () => Promise<readonly Row[]>;
    report: (row: Row) => Promise<void>;
  }
}

const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });

window.machine = async () => {
  if (!adapter) return undefined;
  const { vendor, architecture, device, description } = adapter.info;
  const name = [vendor, architecture, device, description].filter((part) => part !== "").join(" ");
  const software = adapter.info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(name);
  return { adapter: name, software, features: [...adapter.features] };
};

async function ownDevice(): Promise<GPUDevice> {
  if (!adapter) throw new Error("There is no adapter.");
  const wanted = ["timestamp-query", "subgroups", "shader-f16"] as const;
  return adapter.requestDevice({
    requiredFeatures: wanted.filter((feature) => adapter.features.has(feature)),
    requiredLimits: {
      maxBufferSize: adapter.limits.maxBufferSize,
      maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
      maxComputeInvocationsPerWorkgroup: adapter.limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupStorageSize: adapter.limits.maxComputeWorkgroupStorageSize,
    },
  });
}

/** An adapter makes one device, so both measurements share it. */
let made: ReturnType<typeof ours> | undefined;
const own = (): ReturnType<typeof ours> => (made ??= ownDevice().then(ours));

window.measure = async (settings) => {
  const contenders = [(await own()).contender, ...(await others())];
  /** The last rate of each, from which the next size is estimated. */
  const rates = new Map<string, number>();
  for (const work of everything) {
    const figures = await measureRow(contenders, work, rates, settings);
    await window.report({ title: work.title, kind: work.kind, figures });
  }
};

/** A library that cannot start here is left out of every row, and said so. */
async function others(): Promise<readonly Contender[]> {
  const starts = {
    "onnxruntime-web": onnxruntime,
    tfjs,
    "jax-js": jaxJs,
    "ours, WebAssembly": oursWithoutGpu,
  } as const;
  const all: Contender[] = [];
  for (const [name, start] of Object.entries(starts)) {
    all.push(await start().catch((error: unknown) => ({ name, prepare: () => Promise.reject(error) })));
  }
  return all;
}

async function measureRow(
  contenders: readonly Contender[],
  work: Work,
  rates: Map<string, number>,
  settings: Settings,
): Promise<readonly Figure[]> {
  const entries: {
    readonly name: string;
    readonly prepared?: Prepared;
    readonly samples: number[];
    why?: string;
    error?: number;
  }[] = [];
  for (const { name, prepare } of contenders) {
    const expected = flopsOf(work) / 1e6 / (rates.get(`${name} ${work.kind}`) ?? Infinity);
    const samples: number[] = [];
    if (expected > settings.longestRun) {
      entries.push({ name, samples, why: "too slow here" });
      continue;
    }
    // Compilers of software adapters may take minutes: whoever waits should see for what.
    console.info(`${work.title}: ${name}`);
    const prepared = await prepare(work).catch((error: unknown) => String(error));
    if (prepared === undefined || typeof prepared === "string")
      entries.push({ name, samples, why: prepared ?? "does not do this" });
    else entries.push({ name, prepared, samples });
  }
  for (const entry of entries) {
    try {
      if (entry.prepared) entry.error = errorOf(work, await entry.prepared.result());
    } catch (error) {
      entry.why = String(error);
    }
  }
  // Rounds are interleaved, so that a slow moment of the machine does not fall on one contender alone.
  for (let round = 0; round < settings.rounds; round++) {
    for (const entry of entries) {
      if (!entry.prepared || entry.why !== undefined) continue;
      try {
        entry.samples.push(await timeOf(entry.prepared, settings.perRound));
      } catch (error) {
        entry.why = String(error);
      }
    }
  }
  return entries.map(({ name, prepared, samples, why, error }): Figure => {
    prepared?.dispose();
    if (why !== undefined || samples.length === 0) return { contender: name, why: why ?? "not measured" };
    const median = samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)] ?? NaN;
    const rate = flopsOf(work) / median / 1e6;
    rates.set(`${name} ${work.kind}`, rate);
    return { contender: name, rate, label: prepared?.label, ...(error === undefined ? {} : { error }) };
  });
}

/** Milliseconds of one run, from as many as fill the time. */
async function timeOf({ sample }: Prepared, perRound: number): Promise<number> {
  const first = await sample(1);
  const runs = Math.max(1, Math.min(1000, Math.round(perRound / Math.max(first, 0.01))));
  return runs === 1 ? first : (await sample(runs)) / runs;
}

/** Some numbers of a result against float64, as a share of their typical size. */
function errorOf(work: Work, result: ArrayLike<number>): number {
  const operands = operandsOf(work);
  const places = Array.from({ length: 64 }, (_, i) => Math.floor(((i * 0.618033988749895) % 1) * result.length));
  const wanted = places.map((at) => exactly(work, operands, at));
  const typical = Math.sqrt(wanted.reduce((sum, value) => sum + value * value, 0) / wanted.length);
  const errors = places.map((at, i) => Math.abs((result[at] ?? NaN) - (wanted[i] ?? NaN)));
  return errors.some(Number.isNaN) ? Infinity : Math.max(...errors) / typical;
}

/** Every kernel of ours by itself, on sizes that show where each is at home. */
window.kernelTable = async () => {
  const { kernels } = await own();
  const rows: Row[] = [];
  for (const work of everything.filter(({ title }) =>
    /^(64|256|512) ×.*|^1 × 4096|^64 × 16384|^8 heads, 512/.test(title),
  )) {
    const { first: a, second: b, third: v } = operandsOf(work);
    const figures: Figure[] = [];
    for (const { name } of kernels.kernels.filter(({ operator }) => operator === work.kind)) {
      const timing =
        work.kind === "matmul"
          ? kernels.measureMatmul(
              { a, aShape: [work.batches, work.m, work.k], b, bShape: [work.batches, work.k, work.n], kernel: name },
              { budget: 600 },
            )
          : kernels.measureAttention(
              { q: a, qShape: shapeOf(work), k: b, kShape: shapeOf(work), v, vShape: shapeOf(work), kernel: name },
              { budget: 600 },
            );
      figures.push(
        await timing.then(
          ({ gflopsPerSecond }) => ({ contender: name, rate: gflopsPerSecond }),
          (error: unknown) => ({ contender: name, why: String(error) }),
        ),
      );
    }
    rows.push({ title: work.title, kind: work.kind, figures });
  }
  const roofs = await kernels.measureRoofs({ budget: 1500 });
  rows.push({
    title: "roofs",
    kind: "matmul",
    figures: [
      { contender: "GFLOP/s", rate: roofs.gflopsPerSecond },
      { contender: "GB/s", rate: roofs.gigabytesPerSecond },
    ],
  });
  return rows;
};

const shapeOf = ({ heads, length, dim }: Extract<Work, { kind: "attention" }>): readonly number[] => [
  heads,
  length,
  dim,
];

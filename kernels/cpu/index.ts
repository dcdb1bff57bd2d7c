/**
 * The same kernels without a GPU: the same requests, results and sentences, whatever engine does the work.
 */

import { attentionCost, planAttention } from "../attention/plan.ts";
import { steadyTiming, timing } from "../device/timing.ts";
import { matmulCost, planMatmul } from "../matmul/plan.ts";
import { RequestError } from "../shapes.ts";
import type {
  AttentionRequest,
  AttentionStages,
  Cost,
  KernelDescription,
  Kernels,
  MatmulRequest,
  MeasureOptions,
  Result,
  Tensor,
  Timing,
  Tuning,
} from "../types.ts";
import type { Stages } from "./attention.ts";
import { plainEngine, type Engine } from "./engine.ts";
import { attention, attentionSteps, matmul, softmax } from "./operators.ts";
import { measureCpuRoofs } from "./roofs.ts";
import { elementwise, layerNorm, reduce, transposeAxes } from "./rows.ts";

/** In plain JavaScript, summed in float64: slow, exact, and everywhere at hand. */
export function createCpuKernels(): Kernels {
  return kernelsOn(plainEngine);
}

/** Everything that kernels do, by one engine. */
export function kernelsOn(engine: Engine): Kernels {
  const call = new Caller(engine.name);
  const byMatmul = (request: MatmulRequest, options: MeasureOptions): Promise<Timing> => {
    return call.measure(request, matmulCost(planMatmul(request)), () => matmul(engine, request), options);
  };
  const byAttention = (request: AttentionRequest, options: MeasureOptions): Promise<Timing> => {
    const cost = attentionCost(planAttention(request), request);
    return call.measure(request, cost, () => attention(engine, request), options);
  };
  return {
    backend: "cpu",
    kernels: describe(engine),
    matmul: async (request) => call.time(request, () => matmul(engine, request)),
    attention: async (request) => call.time(request, () => attention(engine, request)),
    softmax: async (request) => call.time(request, async () => softmax(engine, request)),
    layerNorm: async (request) => call.time(request, async () => layerNorm(request)),
    elementwise: async (request) => call.time(request, async () => elementwise(request)),
    transpose: async (request) => call.time(request, async () => transposeAxes(request)),
    reduce: async (request) => call.time(request, async () => reduce(request)),
    attentionStages: async (request) => stages(engine, call, request),
    measureMatmul: async (request, options = {}) => byMatmul(request, options),
    measureAttention: async (request, options = {}) => byAttention(request, options),
    tuneMatmul: async (request, options = {}) => onlyOne(await byMatmul(request, options)),
    tuneAttention: async (request, options = {}) => onlyOne(await byAttention(request, options)),
    verify: async () => [],
    measureRoofs: async (options = {}) => measureCpuRoofs(options),
    complaints: async () => [],
    destroy: () => undefined,
  };
}

function describe({ name, description }: Engine): readonly KernelDescription[] {
  const operators = ["matmul", "attention", "softmax", "norm", "elementwise", "transpose", "reduce"] as const;
  return operators.map((operator) => ({ name, operator, requires: [], description, sources: [] }));
}

/** There is nothing to choose among here. */
function onlyOne({ kernel, median }: Timing): Tuning {
  const best = { kernel, variant: 0, milliseconds: median };
  return { best, tried: [best], complete: true };
}

interface Call {
  readonly kernel?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Checks and times what is called, under the engine's name. */
class Caller {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  async time({ kernel, signal }: Call, work: () => Promise<Tensor>): Promise<Result> {
    this.check(kernel);
    signal?.throwIfAborted();
    const start = performance.now();
    const { data, shape } = await work();
    return { data, shape, milliseconds: performance.now() - start, kernel: this.#name };
  }

  async measure(
    { kernel }: Call,
    cost: Cost,
    work: () => Promise<unknown>,
    { budget, signal }: MeasureOptions,
  ): Promise<Timing> {
    this.check(kernel);
    const sample = async (runs: number): Promise<number> => {
      const start = performance.now();
      for (let run = 0; run < runs; run++) await work();
      return performance.now() - start;
    };
    return timing(this.#name, cost, await steadyTiming({ clock: "cpu", sample }, { budget, signal }));
  }

  check(kernel: string | undefined): void {
    if (kernel === undefined || kernel === this.#name) return;
    throw new RequestError(`There is no kernel named ${kernel} without a GPU; there is ${this.#name}.`);
  }
}

async function stages(engine: Engine, call: Caller, request: AttentionRequest): Promise<AttentionStages> {
  const { kernel, signal, softcap } = request;
  call.check(kernel === "composed" ? undefined : kernel);
  signal?.throwIfAborted();
  const start = performance.now();
  const all = ["scores", "scaled", "capped", "masked", "weights", "output"] as const;
  const steps = await attentionSteps(engine, request, all);
  const step = (one: keyof Stages): Tensor => steps.get(one) ?? { data: new Float32Array(0), shape: [] };
  return {
    scores: step("scores"),
    scaled: step("scaled"),
    ...(softcap === undefined ? {} : { capped: step("capped") }),
    masked: step("masked"),
    weights: step("weights"),
    output: step("output"),
    milliseconds: performance.now() - start,
    kernel: engine.name,
  };
}

/**
 * Runs jobs on one WebGPU device, one after another, and times them. It knows buffers, passes and clocks; not what a
 * job computes. When the device is lost, whatever waits is rejected with a sentence.
 */

import { BufferPool, mapRead, usage } from "./buffers.ts";
import { checkLimits, foldWorkgroups, jobBuffers, type Job, type JobBuffer } from "./job.ts";
import { Programs } from "./programs.ts";
import { steadyTiming, type Sampler, type SampledTiming } from "./timing.ts";
import type { MeasureOptions } from "../types.ts";

export interface JobResult {
  /** One for each output of the job, padded as the steps wrote it. */
  readonly outputs: readonly Float32Array[];
  readonly milliseconds: number;
}

interface Prepared {
  readonly job: Job;
  readonly buffers: ReadonlyMap<JobBuffer, GPUBuffer>;
  readonly commands: readonly Command[];
}

interface Command {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly workgroups: readonly [number, number];
}

export class Gpu {
  readonly #device: GPUDevice;
  readonly #pool: BufferPool;
  readonly #programs: Programs;
  readonly #timestamps: GPUQuerySet | undefined;
  readonly #warm = new WeakSet<GPUComputePipeline>();
  readonly #ended: Promise<never>;
  #end: string | undefined;
  #endNow: (sentence: string) => void = () => undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#pool = new BufferPool(device);
    this.#programs = new Programs(device);
    const timed = device.features.has("timestamp-query");
    this.#timestamps = timed ? device.createQuerySet({ type: "timestamp", count: 2 }) : undefined;
    this.#ended = new Promise((_, reject) => {
      this.#endNow = (sentence) => {
        this.#end ??= sentence;
        reject(new Error(this.#end));
      };
    });
    this.#ended.catch(() => undefined);
    void device.lost.then((loss) => {
      this.#endNow(
        `The GPU device was lost${loss.message === "" ? "" : ` (${loss.message})`}. Start again on a new one.`,
      );
    });
  }

  get limits(): GPUSupportedLimits {
    return this.#device.limits;
  }

  get features(): GPUSupportedFeatures {
    return this.#device.features;
  }

  run(job: Job, signal?: AbortSignal): Promise<JobResult> {
    return this.#alone(job, signal, async (prepared) => {
      const milliseconds = await this.#time(prepared, 1);
      return { outputs: await this.#read(prepared), milliseconds };
    });
  }

  measure(job: Job, options: MeasureOptions): Promise<SampledTiming> {
    return this.#alone(job, options.signal, (prepared) => {
      const sampler: Sampler = {
        clock: this.#timestamps === undefined ? "queue" : "timestamp-query",
        sample: (runs) => this.#time(prepared, runs),
      };
      return steadyTiming(sampler, options);
    });
  }

  destroy(): void {
    this.#endNow("These kernels have been destroyed.");
    this.#pool.destroy();
    this.#timestamps?.destroy();
  }

  /** Jobs wait for each other: clocks would otherwise count a neighbour's work, and error scopes would mix. */
  #alone<T>(job: Job, signal: AbortSignal | undefined, work: (prepared: Prepared) => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      if (this.#end !== undefined) throw new Error(this.#end);
      signal?.throwIfAborted();
      checkLimits(job, this.#device.limits);
      return Promise.race([this.#ended, this.#prepared(job, work)]);
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #prepared<T>(job: Job, work: (prepared: Prepared) => Promise<T>): Promise<T> {
    const pipelines = await Promise.all(job.steps.map((step) => this.#programs.pipeline(step.program, step.constants)));
    const buffers = await this.#allocate(job);
    try {
      const commands = job.steps.flatMap((step, i) => {
        const pipeline = pipelines[i];
        if (pipeline === undefined || step.workgroups === 0) return [];
        const entries = step.buffers.map((buffer, binding) => ({ binding, resource: this.#binding(buffer, buffers) }));
        const group = this.#device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
        return [{ pipeline, group, workgroups: foldWorkgroups(step.workgroups, this.#device.limits) }];
      });
      await this.#warmUp(commands);
      return await work({ job, buffers, commands });
    } finally {
      for (const buffer of buffers.values()) this.#free(buffer);
    }
  }

  /** Drivers finish compiling at the first dispatch, so one workgroup runs before anything is timed. */
  async #warmUp(commands: readonly Command[]): Promise<void> {
    const cold = commands.filter((command) => !this.#warm.has(command.pipeline));
    if (cold.length === 0) return;
    const small = cold.map((command): Command => ({ ...command, workgroups: [1, 1] }));
    this.#device.queue.submit([this.#encode(small, 1, undefined).finish()]);
    await this.#device.queue.onSubmittedWorkDone();
    for (const { pipeline } of cold) this.#warm.add(pipeline);
  }

  #binding(buffer: JobBuffer, buffers: ReadonlyMap<JobBuffer, GPUBuffer>): GPUBufferBinding {
    const held = buffers.get(buffer);
    if (held === undefined) throw new Error(`A step uses ${buffer.label}, which the job does not hold.`);
    return { buffer: held, size: bindingBytes(buffer) };
  }

  async #allocate(job: Job): Promise<ReadonlyMap<JobBuffer, GPUBuffer>> {
    const device = this.#device;
    device.pushErrorScope("out-of-memory");
    const buffers = new Map<JobBuffer, GPUBuffer>();
    for (const buffer of jobBuffers(job)) {
      const kind = buffer.kind === "uniform" ? usage.uniform : usage.storage | usage.copySource;
      const held = this.#pool.acquire(bindingBytes(buffer), kind | usage.copyTarget);
      buffers.set(buffer, held);
    }
    const failed = await device.popErrorScope();
    if (failed !== null) {
      for (const held of buffers.values()) held.destroy();
      this.#pool.destroy();
      throw new Error("The device is out of memory. Smaller sizes need less of it.");
    }
    for (const [buffer, held] of buffers) {
      const contents = buffer.contents?.();
      if (contents !== undefined && contents.byteLength > 0) write(device.queue, held, contents);
    }
    return buffers;
  }

  async #time(prepared: Prepared, runs: number): Promise<number> {
    const queue = this.#device.queue;
    const set = this.#timestamps;
    if (set === undefined) {
      await queue.onSubmittedWorkDone();
      const start = performance.now();
      queue.submit([this.#encode(prepared.commands, runs, undefined).finish()]);
      await queue.onSubmittedWorkDone();
      return performance.now() - start;
    }
    const resolved = this.#pool.acquire(16, usage.queryResolve | usage.copySource);
    const encoder = this.#encode(prepared.commands, runs, set);
    encoder.resolveQuerySet(set, 0, 2, resolved, 0);
    const start = performance.now();
    queue.submit([encoder.finish()]);
    await queue.onSubmittedWorkDone();
    const elapsed = performance.now() - start;
    const ticks = new BigUint64Array((await this.#copyOut(resolved, 16)).buffer);
    this.#pool.release(resolved);
    const nanoseconds = Number((ticks[1] ?? 0n) - (ticks[0] ?? 0n));
    // Drivers give zero, or run backwards, when the clock is reset between the two; the page's clock is then nearer.
    return nanoseconds > 0 ? nanoseconds / 1e6 : elapsed;
  }

  #encode(commands: readonly Command[], runs: number, set: GPUQuerySet | undefined): GPUCommandEncoder {
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass(
      set === undefined
        ? {}
        : { timestampWrites: { querySet: set, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 } },
    );
    for (let run = 0; run < runs; run++) {
      for (const { pipeline, group, workgroups } of commands) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(...workgroups);
      }
    }
    pass.end();
    return encoder;
  }

  async #read(prepared: Prepared): Promise<readonly Float32Array[]> {
    const outputs: Float32Array[] = [];
    for (const output of prepared.job.outputs) {
      const held = prepared.buffers.get(output);
      if (held !== undefined) outputs.push(await this.#copyOut(held, output.bytes));
    }
    return outputs;
  }

  async #copyOut(buffer: GPUBuffer, bytes: number): Promise<Float32Array> {
    if (bytes === 0) return new Float32Array(0);
    const staging = this.#pool.acquire(bytes, usage.mapRead | usage.copyTarget);
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, bytes);
    this.#device.queue.submit([encoder.finish()]);
    await staging.mapAsync(mapRead, 0, bytes);
    const copy = new Float32Array(staging.getMappedRange(0, bytes).slice(0));
    staging.unmap();
    this.#free(staging);
    return copy;
  }

  #free(buffer: GPUBuffer): void {
    if (this.#end === undefined) this.#pool.release(buffer);
    else buffer.destroy();
  }
}

/** A binding may not be empty, and a kernel that reads whole vectors needs at least one. */
function bindingBytes(buffer: JobBuffer): number {
  return Math.max(16, Math.ceil(buffer.bytes / 4) * 4);
}

function write(queue: GPUQueue, buffer: GPUBuffer, contents: Float32Array | Uint32Array | ArrayBuffer): void {
  const [whole, offset] = contents instanceof ArrayBuffer ? [contents, 0] : [contents.buffer, contents.byteOffset];
  queue.writeBuffer(buffer, 0, whole, offset, contents.byteLength);
}

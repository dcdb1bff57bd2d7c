/**
 * Runs jobs on one WebGPU device, one after another, and times them. It knows buffers, passes and clocks; not what a
 * job computes.
 */

import { BufferPool, mapRead, usage } from "./buffers.ts";
import { Ending } from "./ending.ts";
import {
  checkLimits,
  foldWorkgroups,
  jobBuffers,
  type Contents,
  type DeviceFacts,
  type Job,
  type JobBuffer,
  type Output,
} from "./job.ts";
import { download } from "./layout.ts";
import { Programs } from "./programs.ts";
import { allocated, checked } from "./scopes.ts";
import { steadyTiming, type Sampler, type SampledTiming, type SamplingOptions } from "./timing.ts";
import type { Complaint } from "../types.ts";

export interface JobResult {
  /** One for each output of the job, without padding; empty ones where the outputs are kept. */
  readonly outputs: readonly Float32Array[];
  /** The buffers of the outputs, for a job whose outputs are kept; each is freed by `release`. */
  readonly kept: readonly GPUBuffer[];
  readonly milliseconds: number;
}

interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Leave the outputs on the device. */
  readonly keep?: boolean | undefined;
}

type Buffers = Map<JobBuffer, GPUBuffer>;

interface Prepared {
  readonly job: Job;
  readonly buffers: Buffers;
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
  readonly #ending: Ending;
  readonly #kept = new Set<GPUBuffer>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#pool = new BufferPool(device);
    this.#programs = new Programs(device);
    this.#ending = new Ending(device);
    const timed = device.features.has("timestamp-query");
    this.#timestamps = timed ? device.createQuerySet({ type: "timestamp", count: 2 }) : undefined;
  }

  get facts(): DeviceFacts {
    return this.#device;
  }

  run(job: Job, { signal, keep }: RunOptions = {}): Promise<JobResult> {
    return this.#alone(job, signal, async (prepared) => {
      const milliseconds = await this.#time(prepared, 1);
      if (keep !== true) return { outputs: await this.#read(prepared), kept: [], milliseconds };
      return { outputs: job.outputs.map(() => new Float32Array(0)), kept: this.#keep(prepared), milliseconds };
    });
  }

  /** The numbers of a buffer that was kept. */
  readKept(buffer: GPUBuffer, { buffer: { bytes }, layout }: Output): Promise<Float32Array> {
    this.#ending.throwIfCome();
    if (bytes === 0) return Promise.resolve(new Float32Array(0));
    return this.#ending.orEnd(this.#copyOut(buffer, bytes, (copied) => download(copied, layout)));
  }

  complaints(wgsl: string): Promise<readonly Complaint[]> {
    return this.#programs.complaints(wgsl);
  }

  release(buffer: GPUBuffer): void {
    if (this.#kept.delete(buffer)) this.#free(buffer);
  }

  measure(job: Job, options: SamplingOptions): Promise<SampledTiming> {
    const set = options.clock === "queue" ? undefined : this.#timestamps;
    return this.#alone(job, options.signal, (prepared) => {
      const sampler: Sampler = {
        clock: set === undefined ? "queue" : "timestamp-query",
        sample: (runs) => this.#time(prepared, runs, set),
      };
      return steadyTiming(sampler, options);
    });
  }

  destroy(): void {
    this.#ending.come("These kernels have been destroyed.");
    for (const buffer of this.#kept) buffer.destroy();
    this.#kept.clear();
    this.#pool.destroy();
    this.#timestamps?.destroy();
  }

  /** Jobs wait for each other, since clocks would otherwise count a neighbour's work. */
  #alone<T>(job: Job, signal: AbortSignal | undefined, work: (prepared: Prepared) => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      this.#ending.throwIfCome();
      signal?.throwIfAborted();
      checkLimits(job, this.#device.limits);
      return this.#ending.orEnd(this.#prepared(job, work));
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #prepared<T>(job: Job, work: (prepared: Prepared) => Promise<T>): Promise<T> {
    const pipelines = await Promise.all(job.steps.map((step) => this.#programs.pipeline(step.program, step.constants)));
    const buffers = await this.#allocate(job);
    try {
      const { result: commands, accepted } = checked(this.#device, () => this.#commands(job, pipelines, buffers));
      await accepted;
      await this.#warmUp(commands);
      return await work({ job, buffers, commands });
    } finally {
      for (const buffer of buffers.values()) this.#free(buffer);
    }
  }

  async #allocate(job: Job): Promise<Buffers> {
    const { result: buffers, accepted } = allocated(this.#device, () => {
      return new Map(jobBuffers(job).map((buffer) => [buffer, this.#acquire(buffer)]));
    });
    try {
      await accepted;
    } catch (error) {
      for (const held of buffers.values()) held.destroy();
      this.#pool.destroy();
      throw error;
    }
    for (const [buffer, held] of buffers) {
      const contents = buffer.contents?.();
      if (contents !== undefined && contents.byteLength > 0) write(this.#device.queue, held, contents);
    }
    return buffers;
  }

  #acquire(buffer: JobBuffer): GPUBuffer {
    const kind = buffer.kind === "uniform" ? usage.uniform : usage.storage | usage.copySource;
    return this.#pool.acquire(bindingBytes(buffer), kind | usage.copyTarget);
  }

  #commands(job: Job, pipelines: readonly GPUComputePipeline[], buffers: Buffers): readonly Command[] {
    return job.steps.flatMap((step, i) => {
      const pipeline = pipelines[i];
      if (pipeline === undefined || step.workgroups === 0) return [];
      const entries = step.buffers.map((buffer, binding) => ({ binding, resource: bound(buffer, buffers) }));
      const group = this.#device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
      return [{ pipeline, group, workgroups: foldWorkgroups(step.workgroups, this.#device.limits) }];
    });
  }

  /** Drivers finish compiling at the first dispatch, so one workgroup runs before anything is timed. */
  async #warmUp(commands: readonly Command[]): Promise<void> {
    const cold = commands.filter((command) => !this.#warm.has(command.pipeline));
    if (cold.length === 0) return;
    const small = cold.map((command): Command => ({ ...command, workgroups: [1, 1] }));
    const { accepted } = checked(this.#device, () => this.#submit(small, 1));
    await this.#device.queue.onSubmittedWorkDone();
    await accepted;
    for (const { pipeline } of cold) this.#warm.add(pipeline);
  }

  /** The milliseconds of so many runs without a pause. */
  async #time({ commands }: Prepared, runs: number, set = this.#timestamps): Promise<number> {
    const queue = this.#device.queue;
    const ticks = set && this.#pool.acquire(16, usage.queryResolve | usage.copySource);
    if (ticks === undefined) await queue.onSubmittedWorkDone();
    const start = performance.now();
    const { accepted } = checked(this.#device, () => this.#submit(commands, runs, set && ticks && { set, ticks }));
    await queue.onSubmittedWorkDone();
    const elapsed = performance.now() - start;
    await accepted;
    if (ticks === undefined) return elapsed;
    const [begin = 0n, end = 0n] = await this.#copyOut(ticks, 16, (bytes) => new BigUint64Array(bytes.slice(0)));
    this.#free(ticks);
    const nanoseconds = Number(end - begin);
    // Drivers give zero, or run backwards, when the clock is reset between the two; the page's clock is then nearer.
    return nanoseconds > 0 ? nanoseconds / 1e6 : elapsed;
  }

  #submit(commands: readonly Command[], runs: number, timed?: { set: GPUQuerySet; ticks: GPUBuffer }): void {
    const encoder = this.#device.createCommandEncoder();
    const writes = { beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
    const pass = encoder.beginComputePass(timed ? { timestampWrites: { querySet: timed.set, ...writes } } : {});
    for (let run = 0; run < runs; run++) {
      for (const { pipeline, group, workgroups } of commands) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(...workgroups);
      }
    }
    pass.end();
    if (timed) encoder.resolveQuerySet(timed.set, 0, 2, timed.ticks, 0);
    this.#device.queue.submit([encoder.finish()]);
  }

  /** Takes the outputs from those buffers that are freed after the job. */
  #keep({ job, buffers }: Prepared): readonly GPUBuffer[] {
    return job.outputs.map(({ buffer }) => {
      const held = buffers.get(buffer);
      if (held === undefined) throw new Error(`The job does not hold ${buffer.label}.`);
      buffers.delete(buffer);
      this.#kept.add(held);
      return held;
    });
  }

  async #read({ job, buffers }: Prepared): Promise<readonly Float32Array[]> {
    const outputs: Float32Array[] = [];
    for (const { buffer, layout } of job.outputs) {
      const held = buffers.get(buffer);
      if (held === undefined || buffer.bytes === 0) outputs.push(new Float32Array(0));
      else outputs.push(await this.#copyOut(held, buffer.bytes, (bytes) => download(bytes, layout)));
    }
    return outputs;
  }

  async #copyOut<T>(buffer: GPUBuffer, bytes: number, take: (bytes: ArrayBuffer) => T): Promise<T> {
    const { result: staging, accepted } = allocated(this.#device, () => {
      return this.#pool.acquire(bytes, usage.mapRead | usage.copyTarget);
    });
    await accepted;
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, bytes);
    this.#device.queue.submit([encoder.finish()]);
    await staging.mapAsync(mapRead, 0, bytes);
    const taken = take(staging.getMappedRange(0, bytes));
    staging.unmap();
    this.#free(staging);
    return taken;
  }

  #free(buffer: GPUBuffer): void {
    if (this.#ending.hasCome) buffer.destroy();
    else this.#pool.release(buffer);
  }
}

function bound(buffer: JobBuffer, buffers: Buffers): GPUBufferBinding {
  const held = buffers.get(buffer);
  if (held === undefined) throw new Error(`A step uses ${buffer.label}, which the job does not hold.`);
  return { buffer: held, size: bindingBytes(buffer) };
}

/** A binding may not be empty, and a kernel that reads whole vectors needs at least one. */
function bindingBytes(buffer: JobBuffer): number {
  return Math.max(16, Math.ceil(buffer.bytes / 4) * 4);
}

function write(queue: GPUQueue, buffer: GPUBuffer, contents: Contents): void {
  const [whole, offset] = contents instanceof ArrayBuffer ? [contents, 0] : [contents.buffer, contents.byteOffset];
  queue.writeBuffer(buffer, 0, whole, offset, contents.byteLength);
}

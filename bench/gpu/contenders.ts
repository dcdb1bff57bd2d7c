/**
 * The libraries that are compared, each brought to the same form: operands that lie on the GPU, one run after another
 * without waiting, and a way to wait for all. The others are loaded as they are published; only the few functions that
 * are used are described here.
 */

import {
  createKernels,
  createWasmKernels,
  type AttentionRequest,
  type Kernels,
  type MatmulRequest,
} from "../../kernels/index.ts";
import { onnxModel } from "./onnx.ts";
import { operandsOf, type Work } from "./work.ts";

export interface Prepared {
  /** So many runs, from the first to the end of the last, in milliseconds. */
  readonly sample: (runs: number) => Promise<number>;
  /** The numbers of one result, in the order of (batches, m, n) or (heads, length, dim). */
  readonly result: () => Promise<ArrayLike<number>>;
  readonly label?: string;
  readonly dispose: () => void;
}

export interface Contender {
  readonly name: string;
  readonly prepare: (work: Work) => Promise<Prepared | undefined>;
}

type Loaded = Readonly<Record<string, never>>;

/** A module that the server bundled, described by whoever uses it. */
async function load<T>(name: string): Promise<T> {
  const url = `/rivals/${name}.js`;
  return (await import(url)) as Loaded as T;
}

async function timed(runs: number, run: () => unknown, finish: () => Promise<unknown>): Promise<number> {
  await finish();
  const start = performance.now();
  for (let i = 0; i < runs; i++) await run();
  await finish();
  return performance.now() - start;
}

function requestOf(work: Work): MatmulRequest | AttentionRequest {
  const { first, second, third } = operandsOf(work);
  if (work.kind === "matmul") {
    const { batches, m, k, n } = work;
    return { a: first, aShape: [batches, m, k], b: second, bShape: [batches, k, n] };
  }
  const shape = [work.heads, work.length, work.dim];
  return { q: first, qShape: shape, k: second, kShape: shape, v: third, vShape: shape };
}

/** Ours by whatever the tuner chose, or by one kernel. */
export async function ours(device: GPUDevice): Promise<{ readonly kernels: Kernels; readonly contender: Contender }> {
  const kernels = await createKernels(device);
  return { kernels, contender: kernelsAs("ours", kernels, true) };
}

export async function oursWithoutGpu(): Promise<Contender> {
  return kernelsAs("ours, WebAssembly", await createWasmKernels(), false);
}

function kernelsAs(name: string, kernels: Kernels, tunes: boolean): Contender {
  return {
    name,
    prepare: async (work) => {
      const request = requestOf(work);
      const options = { budget: 4000 };
      if (tunes)
        await ("q" in request ? kernels.tuneAttention(request, options) : kernels.tuneMatmul(request, options));
      const once = () => ("q" in request ? kernels.attention(request) : kernels.matmul(request));
      const { kernel } = await once();
      // A measurement of its own takes a sample of as many runs as the clock needs, on operands that stay where they are.
      const measure = { clock: "queue", budget: 250 } as const;
      return {
        label: kernel,
        sample: async (runs) => {
          const timing = await ("q" in request
            ? kernels.measureAttention(request, measure)
            : kernels.measureMatmul(request, measure));
          return runs * timing.median;
        },
        result: async () => (await once()).data,
        dispose: () => undefined,
      };
    },
  };
}

interface JaxArray {
  readonly ref: JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}

interface Jax {
  init(device: string): Promise<readonly string[]>;
  defaultDevice(device: string): void;
  readonly numpy: { array(data: Float32Array): JaxArray; matmul(a: JaxArray, b: JaxArray): JaxArray };
  readonly nn: { dotProductAttention(q: JaxArray, k: JaxArray, v: JaxArray): JaxArray };
  jit<T>(f: T): T;
  blockUntilReady(arrays: readonly JaxArray[]): Promise<unknown>;
}

export async function jaxJs(): Promise<Contender> {
  const jax = await load<Jax>("jax");
  await jax.init("webgpu");
  jax.defaultDevice("webgpu");
  return {
    name: "jax-js",
    prepare: async (work) => {
      const { first, second, third } = operandsOf(work);
      const put = (data: Float32Array, shape: readonly number[]): JaxArray => jax.numpy.array(data).reshape(shape);
      const run =
        work.kind === "matmul"
          ? jaxMatmul(jax, put, work, first, second)
          : jaxAttention(jax, put, work, [first, second, third]);
      return {
        sample: async (runs) => {
          const made: JaxArray[] = [];
          const time = await timed(
            runs,
            () => void made.push(run()),
            async () => jax.blockUntilReady(made),
          );
          for (const array of made) array.dispose();
          return time;
        },
        result: async () => inOrder(await run().data(), work),
        dispose: () => undefined,
      };
    },
  };
}

type Put = (data: Float32Array, shape: readonly number[]) => JaxArray;

function jaxMatmul(
  jax: Jax,
  put: Put,
  { batches, m, k, n }: Extract<Work, { kind: "matmul" }>,
  a: Float32Array,
  b: Float32Array,
): () => JaxArray {
  const batch = batches === 1 ? [] : [batches];
  const [left, right] = [put(a, [...batch, m, k]), put(b, [...batch, k, n])];
  const product = jax.jit((x: JaxArray, y: JaxArray) => jax.numpy.matmul(x, y));
  return () => product(left.ref, right.ref);
}

/** jax-js takes (batch, length, heads, dim). */
function jaxAttention(
  jax: Jax,
  put: Put,
  { heads, length, dim }: Extract<Work, { kind: "attention" }>,
  operands: readonly Float32Array[],
): () => JaxArray {
  const [q, k, v] = operands.map((data) => put(headsInside(data, heads, length, dim), [1, length, heads, dim]));
  if (!q || !k || !v) throw new Error("An operand is missing.");
  const attend = jax.jit((x: JaxArray, y: JaxArray, z: JaxArray) => jax.nn.dotProductAttention(x, y, z));
  return () => attend(q.ref, k.ref, v.ref);
}

/** From (heads, length, dim) to (length, heads, dim). */
function headsInside(data: Float32Array, heads: number, length: number, dim: number): Float32Array {
  const moved = new Float32Array(data.length);
  for (let head = 0; head < heads; head++) {
    for (let i = 0; i < length; i++) {
      const from = (head * length + i) * dim;
      moved.set(data.subarray(from, from + dim), (i * heads + head) * dim);
    }
  }
  return moved;
}

/** And back, for an attention. */
function inOrder(data: ArrayLike<number>, work: Work): ArrayLike<number> {
  if (work.kind === "matmul") return data;
  return headsInside(Float32Array.from(data), work.length, work.heads, work.dim);
}

interface TfTensor {
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}

interface Tf {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  backend(): {
    readonly device: GPUDevice;
    readonly commandEncoder: unknown;
    endComputePassEncoder(): void;
    submitQueue(): void;
  };
  tensor(data: Float32Array, shape: readonly number[]): TfTensor;
  matMul(a: TfTensor, b: TfTensor, transposeA?: boolean, transposeB?: boolean): TfTensor;
  mul(a: TfTensor, b: number): TfTensor;
  softmax(x: TfTensor): TfTensor;
  tidy<T>(work: () => T): T;
}

export async function tfjs(): Promise<Contender> {
  const tf = await load<Tf>("tfjs");
  await tf.setBackend("webgpu");
  await tf.ready();
  const finish = async (): Promise<void> => {
    const backend = tf.backend();
    // There is nothing to submit before the first run.
    if (backend.commandEncoder) {
      backend.endComputePassEncoder();
      backend.submitQueue();
    }
    await backend.device.queue.onSubmittedWorkDone();
  };
  return {
    name: "tfjs",
    prepare: async (work) => {
      const { first, second, third } = operandsOf(work);
      const shape = work.kind === "matmul" ? [work.batches, work.m, work.k] : [work.heads, work.length, work.dim];
      const a = tf.tensor(first, shape);
      const b = tf.tensor(second, work.kind === "matmul" ? [work.batches, work.k, work.n] : shape);
      const c = work.kind === "matmul" ? undefined : tf.tensor(third, shape);
      const run = (): TfTensor =>
        c === undefined
          ? tf.matMul(a, b)
          : tf.tidy(() => {
              const scores = tf.mul(tf.matMul(a, b, false, true), 1 / Math.sqrt(shape.at(-1) ?? 1));
              return tf.matMul(tf.softmax(scores), c);
            });
      return {
        sample: (runs) => timed(runs, () => run().dispose(), finish),
        result: async () => run().data(),
        dispose: () => [a, b, c].forEach((tensor) => tensor?.dispose()),
      };
    },
  };
}

interface OrtTensor {
  getData(): Promise<ArrayLike<number>>;
  dispose(): void;
}

interface OrtSession {
  run(feeds: Readonly<Record<string, OrtTensor>>): Promise<Readonly<Record<string, OrtTensor>>>;
  release(): Promise<void>;
}

interface Ort {
  readonly env: { wasm: { wasmPaths: string; numThreads: number }; webgpu: { device: Promise<GPUDevice> | GPUDevice } };
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<OrtSession> };
  readonly Tensor: { fromGpuBuffer(buffer: GPUBuffer, options: object): OrtTensor };
}

export async function onnxruntime(): Promise<Contender> {
  const ort = await load<Ort>("ort");
  ort.env.wasm.wasmPaths = "/ort/";
  ort.env.wasm.numThreads = 1;
  return {
    name: "onnxruntime-web",
    prepare: async (work) => {
      const { inputs, model } = ortModel(work);
      const options = { executionProviders: ["webgpu"], preferredOutputLocation: "gpu-buffer" };
      const session = await ort.InferenceSession.create(model, options);
      const device = await ort.env.webgpu.device;
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, { data, shape }]) => [name, ortTensor(ort, device, data, shape)]),
      );
      const run = async (): Promise<OrtTensor> => {
        const { y } = await session.run(feeds);
        if (y === undefined) throw new Error("The session gave no result.");
        return y;
      };
      return {
        sample: (runs) =>
          timed(
            runs,
            async () => (await run()).dispose(),
            () => device.queue.onSubmittedWorkDone(),
          ),
        result: async () => (await run()).getData(),
        dispose: () => void session.release(),
      };
    },
  };
}

function ortTensor(ort: Ort, device: GPUDevice, data: Float32Array, dims: readonly number[]): OrtTensor {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const buffer = device.createBuffer({ size: Math.ceil(data.byteLength / 16) * 16, usage });
  device.queue.writeBuffer(buffer, 0, data.slice());
  return ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims, dispose: () => buffer.destroy() });
}

interface OrtModel {
  readonly inputs: Readonly<Record<string, { readonly data: Float32Array; readonly shape: readonly number[] }>>;
  readonly model: Uint8Array;
}

/** Attention as products and a softmax: its own attention node is wrong on adapters with small subgroups. */
function ortModel(work: Work): OrtModel {
  const { first, second, third } = operandsOf(work);
  if (work.kind === "matmul") {
    const { batches, m, k, n } = work;
    const batch = batches === 1 ? [] : [batches];
    const inputs = { a: { data: first, shape: [...batch, m, k] }, b: { data: second, shape: [...batch, k, n] } };
    const nodes = [{ operator: "MatMul", inputs: ["a", "b"], output: "y" }];
    const shapes = { a: inputs.a.shape, b: inputs.b.shape };
    return { inputs, model: onnxModel({ nodes, inputs: shapes, output: ["y", [...batch, m, n]] }) };
  }
  const { heads, length, dim } = work;
  const shape = [heads, length, dim];
  const turned = transposed(second, heads, length, dim).map((value) => value / Math.sqrt(dim));
  const inputs = {
    q: { data: first, shape },
    k: { data: turned, shape: [heads, dim, length] },
    v: { data: third, shape },
  };
  const nodes = [
    { operator: "MatMul", inputs: ["q", "k"], output: "scores" },
    { operator: "Softmax", inputs: ["scores"], output: "weights" },
    { operator: "MatMul", inputs: ["weights", "v"], output: "y" },
  ];
  const shapes = { q: shape, k: inputs.k.shape, v: shape };
  return { inputs, model: onnxModel({ nodes, inputs: shapes, output: ["y", shape] }) };
}

function transposed(data: Float32Array, count: number, rows: number, columns: number): Float32Array {
  return data.map((_, i) => {
    const [matrix, column, row] = [Math.floor(i / (rows * columns)) % count, Math.floor(i / rows) % columns, i % rows];
    return data[(matrix * rows + row) * columns + column] ?? 0;
  });
}

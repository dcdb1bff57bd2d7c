/**
 * What a caller of the kernels sees: requests, results, timings, and the list of kernels. Plain data and interfaces;
 * it knows neither how a kernel is launched nor who draws its result.
 */

export type Shape = readonly number[];

export type Operator = "matmul" | "attention" | "softmax" | "norm" | "elementwise" | "transpose" | "reduce";

/** How operands and result lie in memory. Sums are taken in float32 (on the CPU in float64) either way. */
export type Storage = "float32" | "float16";

/** Applied to each number of a result; `gelu` is the exact one, `gelu-tanh` its approximation. */
export type Activation = "none" | "relu" | "gelu" | "gelu-tanh" | "silu" | "tanh" | "sigmoid";

/** A matrix product. Leading axes broadcast as in NumPy; a 1-axis operand is a vector, as in `numpy.matmul`. */
export interface MatmulRequest {
  readonly a: Float32Array;
  readonly aShape: Shape;
  readonly b: Float32Array;
  readonly bShape: Shape;
  /** Swap the last two axes of `a` before multiplying. */
  readonly transposeA?: boolean | undefined;
  readonly transposeB?: boolean | undefined;
  /** Added to each row of the result: one number for each column, or one for all. */
  readonly bias?: Float32Array | undefined;
  /** Applied to the sums after the bias. */
  readonly activation?: Activation | undefined;
  /** Round the operands and the result to float16; `float32` unless given. */
  readonly storage?: Storage | undefined;
  /** Leave the result on the GPU, in `onGpu`, and do not read it back. Without a GPU it changes nothing. */
  readonly keep?: boolean | undefined;
  /** WGSL to run in the place of the kernel's own, by the names in `sources`, which show the same bindings. */
  readonly texts?: Readonly<Record<string, string>> | undefined;
  /** A name from `kernels`; the default is chosen by the sizes. */
  readonly kernel?: string | undefined;
  /** Aborting it rejects the call if it waits for its turn or runs on the CPU; a GPU finishes what it has begun. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Scaled dot-product attention over (…, heads, length, dim). Fewer key or value heads than query heads means grouped
 * queries. A key is hidden from a query by causality, by the window or by the mask; the rest goes through
 * softmax(softcap(q kᵀ · scale) + mask) v.
 */
export interface AttentionRequest {
  readonly q: Float32Array;
  readonly qShape: Shape;
  readonly k: Float32Array;
  readonly kShape: Shape;
  readonly v: Float32Array;
  readonly vShape: Shape;
  /** Hides key `j` from query `i` when `j > i`. */
  readonly causal?: boolean | undefined;
  /** Query `i` sees the keys from `i - before` to `i + after`; either may be `Infinity`. */
  readonly window?: readonly [before: number, after: number] | undefined;
  /** Numbers are added to the scores; with a Uint8Array, 0 hides a key and anything else shows it. */
  readonly mask?: Float32Array | Uint8Array | undefined;
  readonly maskShape?: Shape | undefined;
  /** 1 / √dim unless given. */
  readonly scale?: number | undefined;
  /** WGSL to run in the place of the kernel's own, as in a matrix product. */
  readonly texts?: Readonly<Record<string, string>> | undefined;
  /** A score `s` becomes `softcap · tanh(s / softcap)` before it is masked. */
  readonly softcap?: number | undefined;
  /** Round q, k, v and the result to float16; `float32` unless given. */
  readonly storage?: Storage | undefined;
  /** Leave the result, or every stage, on the GPU, in `onGpu`. */
  readonly keep?: boolean | undefined;
  readonly kernel?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Softmax along the last axis. A row of nothing but −∞ gives zeros. */
export interface SoftmaxRequest {
  readonly x: Float32Array;
  readonly xShape: Shape;
  readonly kernel?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A layer norm or RMS norm along the last axis. */
export interface NormRequest {
  readonly x: Float32Array;
  readonly xShape: Shape;
  /** One number for each column. */
  readonly weight?: Float32Array | undefined;
  readonly bias?: Float32Array | undefined;
  /** 1e-5 unless given. */
  readonly epsilon?: number | undefined;
  /** `layer` unless given. */
  readonly kind?: "layer" | "rms" | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type ElementwiseOperation =
  | Activation
  | "negate"
  | "abs"
  | "exp"
  | "log"
  | "sqrt"
  | "sin"
  | "cos"
  | "add"
  | "subtract"
  | "multiply"
  | "divide"
  | "maximum"
  | "minimum";

/** One operation on each number of `a`, or on each pair of `a` and `b`, which broadcast as in NumPy. */
export interface ElementwiseRequest {
  readonly operation: ElementwiseOperation;
  readonly a: Float32Array;
  readonly aShape: Shape;
  readonly b?: Float32Array | undefined;
  readonly bShape?: Shape | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The axes of `x` in another order: axis `i` of the result is axis `axes[i]` of `x`. Swaps the last two unless given. */
export interface TransposeRequest {
  readonly x: Float32Array;
  readonly xShape: Shape;
  readonly axes?: readonly number[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ReduceRequest {
  readonly operation: "sum" | "mean" | "max" | "min";
  readonly x: Float32Array;
  readonly xShape: Shape;
  /** All unless given; negative ones count from the end. */
  readonly axes?: readonly number[] | undefined;
  /** Keep reduced axes with a length of 1. */
  readonly keepDims?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Tensor {
  readonly data: Float32Array;
  readonly shape: Shape;
  /** Where the numbers lie on the GPU, for a request with `keep`; `data` is then empty. */
  readonly onGpu?: GpuTensor | undefined;
}

/** A matrix in a GPU buffer: the number at (row, column) is the one at offset + row · rowStride + column · columnStride. */
export interface GpuMatrix {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
  readonly storage: Storage;
}

/** A tensor that was left on the GPU. It holds its memory until it is released. */
export interface GpuTensor {
  readonly shape: Shape;
  /** How many matrices it is a stack of. */
  readonly count: number;
  matrix(index: number): GpuMatrix;
  read(): Promise<Float32Array>;
  release(): void;
}

export interface Result extends Tensor {
  /** The time that the computation took, without compiling, uploading or reading back. */
  readonly milliseconds: number;
  /** The kernel that ran. */
  readonly kernel: string;
}

/** Every step of a composed attention, for looking at. Steps before the output are (…, heads, queries, keys). */
export interface AttentionStages {
  readonly scores: Tensor;
  readonly scaled: Tensor;
  /** Only with a softcap. */
  readonly capped?: Tensor | undefined;
  readonly masked: Tensor;
  readonly weights: Tensor;
  readonly output: Tensor;
  readonly milliseconds: number;
  readonly kernel: string;
}

/** Which clock timed a run: the GPU's own, the end of the queue seen from the page, or the CPU's. */
export type Clock = "timestamp-query" | "queue" | "cpu";

export interface Timing {
  readonly kernel: string;
  readonly clock: Clock;
  /** Milliseconds of one run: the median over the samples, and the quarter and three-quarter points beside it. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly samples: number;
  /** How many runs one sample holds, so that a coarse clock can tell them. */
  readonly runsPerSample: number;
  /** True once the spread fell below a twentieth of the median; false if the time ran out first. */
  readonly steady: boolean;
  readonly flops: number;
  readonly bytes: number;
  readonly gflopsPerSecond: number;
  readonly gigabytesPerSecond: number;
}

/** Where a host keeps what was found out about an adapter, from one start to the next. */
export interface TuningStore {
  get(key: string): Promise<string | undefined> | string | undefined;
  set(key: string, value: string): Promise<void> | void;
}

export interface KernelOptions {
  /** In memory unless given. */
  readonly store?: TuningStore | undefined;
}

/** One way of computing something that was measured: a kernel, and which of the sizes it can be compiled for. */
export interface Tried {
  readonly kernel: string;
  readonly variant: number;
  readonly milliseconds: number;
}

export interface Tuning {
  /** What requests of such sizes use from now on, unless they name a kernel. */
  readonly best: Tried | undefined;
  readonly tried: readonly Tried[];
  /** False if the time ran out before everything was tried. */
  readonly complete: boolean;
}

/** Whether a kernel is right on this device, and what was wrong in a trial if not. */
export interface Verdict {
  readonly kernel: string;
  readonly operator: Operator;
  readonly right: boolean;
  readonly complaint: string;
}

/** What a device can do at most, measured on it. */
export interface Roofs {
  readonly gflopsPerSecond: number;
  readonly gigabytesPerSecond: number;
  readonly arithmetic: Timing;
  readonly bandwidth: Timing;
}

/** What a compiler says of a place in a text; lines and columns count from 1. */
export interface Complaint {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly message: string;
  readonly severity: "error" | "warning" | "info";
}

export interface MeasureOptions {
  /** The end of the queue instead of the GPU's own clock, to compare with others that have nothing else. */
  readonly clock?: "queue" | undefined;
  /** Stop after this many milliseconds whether steady or not. 500 unless given. */
  readonly budget?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a request needs, told before anything runs. */
export interface Cost {
  readonly flops: number;
  /** Bytes that must be read and written at the least. */
  readonly bytes: number;
  readonly shape: Shape;
}

export interface KernelSource {
  readonly name: string;
  readonly wgsl: string;
}

export interface KernelDescription {
  readonly name: string;
  readonly operator: Operator;
  /** WebGPU features that the device must have been created with. */
  readonly requires: readonly string[];
  readonly description: string;
  /** The WGSL that runs, in order; empty for a CPU kernel. */
  readonly sources: readonly KernelSource[];
}

/** Every method rejects with a plain sentence when the request makes no sense or does not fit the device. */
export interface Kernels {
  readonly backend: "webgpu" | "cpu";
  readonly kernels: readonly KernelDescription[];
  matmul(request: MatmulRequest): Promise<Result>;
  attention(request: AttentionRequest): Promise<Result>;
  softmax(request: SoftmaxRequest): Promise<Result>;
  layerNorm(request: NormRequest): Promise<Result>;
  elementwise(request: ElementwiseRequest): Promise<Result>;
  transpose(request: TransposeRequest): Promise<Result>;
  reduce(request: ReduceRequest): Promise<Result>;
  attentionStages(request: AttentionRequest): Promise<AttentionStages>;
  measureMatmul(request: MatmulRequest, options?: MeasureOptions): Promise<Timing>;
  measureAttention(request: AttentionRequest, options?: MeasureOptions): Promise<Timing>;
  /** Measures the kernels for such sizes and remembers the fastest; 2000 milliseconds unless a budget is given. */
  tuneMatmul(request: MatmulRequest, options?: MeasureOptions): Promise<Tuning>;
  tuneAttention(request: AttentionRequest, options?: MeasureOptions): Promise<Tuning>;
  /** Tries every kernel of matmul and attention on a small problem. One that is wrong here is never used here. */
  verify(): Promise<readonly Verdict[]>;
  /** The most that the device can do in a second, in arithmetic and in bytes, for comparison with a kernel's timing. */
  measureRoofs(options?: MeasureOptions): Promise<Roofs>;
  /** What the device's compiler says of a text; nothing without a GPU. */
  complaints(wgsl: string): Promise<readonly Complaint[]>;
  /** Frees every buffer. Calls made afterwards reject. */
  destroy(): void;
}

/**
 * The CPU's kernels in WebAssembly on a thread of their own, so that the page answers while they work. Where a worker
 * cannot be started, plain JavaScript runs on the page's thread and gives it back between pieces of work.
 */

import { createCpuKernels, RequestError } from "../../kernels/index.ts";
import type { KernelDescription, Kernels } from "../../kernels/types.ts";
import type { FromWorker, Method, ToWorker } from "./calls.ts";
import source from "./worker.source";

/** A worker that says nothing for this long will not start. */
const PATIENCE = 5000;

export async function createThreadedKernels(): Promise<Kernels> {
  const worker = startWorker();
  const kernels = worker === undefined ? undefined : await readyFrom(worker);
  if (worker === undefined || kernels === undefined) {
    worker?.terminate();
    return createCpuKernels();
  }
  return proxied(worker, kernels);
}

function startWorker(): Worker | undefined {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return new Worker(address);
  } catch {
    return undefined;
  } finally {
    // The worker has its text once it was made; a page's policy may have refused it.
    setTimeout(() => URL.revokeObjectURL(address), PATIENCE);
  }
}

const readyFrom = (worker: Worker): Promise<readonly KernelDescription[] | undefined> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), PATIENCE);
    const end = (kernels: readonly KernelDescription[] | undefined): void => {
      clearTimeout(timer);
      resolve(kernels);
    };
    worker.addEventListener("error", () => end(undefined), { once: true });
    worker.addEventListener(
      "message",
      ({ data }: MessageEvent<FromWorker>) => end(data.kind === "ready" ? data.kernels : undefined),
      { once: true },
    );
  });

type Waiting = { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void };

function proxied(worker: Worker, kernels: readonly KernelDescription[]): Kernels {
  const waiting = new Map<number, Waiting>();
  let next = 0;
  let gone = false;
  const tell = (message: ToWorker): void => worker.postMessage(message);
  worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === "ready") return;
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.kind === "done") call?.resolve(data.result);
    else call?.reject(new RequestError(data.problem));
  });
  const method =
    <M extends Method>(name: M) =>
    (...args: Parameters<Kernels[M]>): ReturnType<Kernels[M]> => {
      const id = next++;
      const signal = signalIn(args);
      const answer = new Promise<unknown>((resolve, reject) => {
        if (gone) return reject(new RequestError("These kernels were put away."));
        if (signal?.aborted === true) return reject(new RequestError("The call was called off."));
        waiting.set(id, { resolve, reject });
        signal?.addEventListener("abort", () => tell({ kind: "abort", id }), { once: true });
        tell({ kind: "call", id, method: name, args: args.map(withoutSignal) });
      });
      // What comes back is what the same method of the same interface gave on the other side.
      return answer as ReturnType<Kernels[M]>;
    };
  return {
    backend: "cpu",
    kernels,
    matmul: method("matmul"),
    attention: method("attention"),
    softmax: method("softmax"),
    layerNorm: method("layerNorm"),
    elementwise: method("elementwise"),
    transpose: method("transpose"),
    reduce: method("reduce"),
    attentionStages: method("attentionStages"),
    measureMatmul: method("measureMatmul"),
    measureAttention: method("measureAttention"),
    tuneMatmul: method("tuneMatmul"),
    tuneAttention: method("tuneAttention"),
    verify: method("verify"),
    measureRoofs: method("measureRoofs"),
    complaints: () => Promise.resolve([]),
    destroy: () => {
      gone = true;
      worker.terminate();
      for (const { reject } of waiting.values()) reject(new RequestError("These kernels were put away."));
      waiting.clear();
    },
  };
}

type Signalled = { readonly signal?: AbortSignal | undefined };

const signalIn = (args: readonly unknown[]): AbortSignal | undefined =>
  args.map((arg) => (arg as Signalled | undefined)?.signal).find((signal) => signal !== undefined);

/** A signal cannot cross to another thread. */
function withoutSignal(arg: unknown): unknown {
  if (typeof arg !== "object" || arg === null) return arg;
  const { signal: _, ...rest } = arg as Signalled;
  return rest;
}

/** The CPU's kernels on a thread of their own: requests come as messages, and answers go back under the same number. */

import { createWasmKernels } from "../../kernels/wasm/index.ts";
import type { FromWorker, ToWorker } from "./calls.ts";

const running = new Map<number, AbortController>();
const kernels = createWasmKernels();
const tell = (message: FromWorker): void => globalThis.postMessage(message);

void kernels.then((ready) => tell({ kind: "ready", kernels: ready.kernels }));

globalThis.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === "abort") running.get(data.id)?.abort();
  else void answer(data);
});

async function answer({ id, method, args }: Extract<ToWorker, { kind: "call" }>): Promise<void> {
  const control = new AbortController();
  running.set(id, control);
  try {
    const ready = await kernels;
    // The last argument of every method may carry a signal; the types of both sides are the same interface.
    const own = args.map((arg) => ({ ...(arg as object), signal: control.signal }));
    const run = ready[method] as (...all: unknown[]) => Promise<unknown>;
    tell({ kind: "done", id, result: await run(...own) });
  } catch (error) {
    tell({ kind: "failed", id, problem: error instanceof Error ? error.message : String(error) });
  }
  running.delete(id);
}

/**
 * The device that computes, for as long as the page lives: found at the start, looked for again on request or after it
 * was lost, replaced by the CPU where there is none. It knows no operation and no picture.
 */

import { createCpuKernels, createKernels } from "../../kernels/index.ts";
import type { Kernels } from "../../kernels/types.ts";
import type { Limits } from "../../src/playground/problems.ts";
import { createThreadedKernels } from "./cpu.ts";
import { findDevice, type Found } from "./device.ts";
import type { Reason } from "./reason.ts";

export type Seat =
  | { readonly kind: "finding" }
  | {
      readonly kind: "gpu";
      readonly found: Found;
      readonly kernels: Kernels;
      /** Came back after a loss. */ readonly again: boolean;
    }
  | { readonly kind: "cpu"; readonly reason: Reason; readonly kernels: Kernels };

/** A driver that resets again and again is left alone until someone asks for it. */
const RECOVERIES = 2;

export class Session {
  seat: Seat = { kind: "finding" };
  /** For the first picture, while a GPU is looked for. */
  readonly cpu: Kernels = createCpuKernels();
  readonly #changed: (seat: Seat) => void;
  #recoveries = 0;
  #search = 0;

  constructor(changed: (seat: Seat) => void) {
    this.#changed = changed;
  }

  /** Looks for a GPU. The latest search wins. */
  async find(again = false): Promise<void> {
    const search = ++this.#search;
    this.#leave();
    this.#sit({ kind: "finding" });
    const found = await findDevice();
    if (search !== this.#search) {
      if ("device" in found) found.device.destroy();
      return;
    }
    if (!("device" in found)) return this.useCpu(found);
    const kernels = await createKernels(found.device);
    this.#sit({ kind: "gpu", found, kernels, again });
    void found.device.lost.then((loss) => this.#lost(found.device, loss));
  }

  /** Someone prefers the CPU, or lost the GPU for good. */
  async useCpu(reason: Reason): Promise<void> {
    const search = ++this.#search;
    this.#leave();
    const kernels = await createThreadedKernels();
    if (search === this.#search) this.#sit({ kind: "cpu", reason, kernels });
    else kernels.destroy();
  }

  /** Someone asks for the GPU: recoveries count from here. */
  async tryAgain(): Promise<void> {
    this.#recoveries = 0;
    await this.find();
  }

  #lost(device: GPUDevice, loss: GPUDeviceLostInfo): void {
    if (this.seat.kind !== "gpu" || this.seat.found.device !== device) return;
    if (this.#recoveries++ < RECOVERIES) void this.find(true);
    else void this.useCpu({ kind: "lost", detail: loss.message });
  }

  #leave(): void {
    const { seat } = this;
    this.seat = { kind: "finding" };
    if (seat.kind === "finding") return;
    seat.kernels.destroy();
    if (seat.kind === "gpu") seat.found.device.destroy();
  }

  #sit(seat: Seat): void {
    this.seat = seat;
    this.#changed(seat);
  }
}

/** Pictures are read back and drawn, so they stay below what the device itself could hold. */
const PICTURE_BYTES = 2 ** 28;
const MACS = { gpu: 2 ** 36, software: 2 ** 31, cpu: 2 ** 30 };

export function limitsOf(seat: Seat): Limits {
  if (seat.kind === "cpu") return { who: "the CPU path", bufferBytes: PICTURE_BYTES, macs: MACS.cpu };
  if (seat.kind === "finding") return { who: "the playground", bufferBytes: PICTURE_BYTES, macs: MACS.gpu };
  const { device, software } = seat.found;
  const allowed = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize);
  return {
    who: allowed < PICTURE_BYTES ? "this adapter" : "a picture",
    bufferBytes: Math.min(allowed, PICTURE_BYTES),
    macs: software ? MACS.software : MACS.gpu,
  };
}

/** What a device is taken to do before it was measured, in multiply-adds each millisecond; rather too little. */
export const CPU_RATE = 100_000;
const WASM_RATE = 500_000;
const SOFTWARE_RATE = 200_000;
const HARDWARE_RATE = 50_000_000;

export function assumedRate(seat: Seat): number {
  if (seat.kind === "finding") return CPU_RATE;
  if (seat.kind === "cpu") return WASM_RATE;
  return seat.found.software ? SOFTWARE_RATE : HARDWARE_RATE;
}

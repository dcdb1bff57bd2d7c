/** What the page and the worker of the CPU say to each other. Types only. */

import type { KernelDescription, Kernels } from "../../kernels/types.ts";

/** The methods that answer with a promise of plain data. */
export type Method = Exclude<keyof Kernels, "backend" | "kernels" | "destroy">;

export type ToWorker =
  | { readonly kind: "call"; readonly id: number; readonly method: Method; readonly args: readonly unknown[] }
  | { readonly kind: "abort"; readonly id: number };

export type FromWorker =
  | { readonly kind: "ready"; readonly kernels: readonly KernelDescription[] }
  | { readonly kind: "done"; readonly id: number; readonly result: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly problem: string };

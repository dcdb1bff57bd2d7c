/**
 * What has been measured at the sizes on screen. Other sizes, options or devices make it worthless, and it is dropped.
 * It also remembers how fast the device was lately, to foresee how long a run will take.
 */

import type { Layout } from "../src/playground/layout.ts";
import type { Bench } from "../src/playground/state.ts";
import { assumedRate, CPU_RATE, type Seat } from "./engine/session.ts";
import type { Measured } from "./scene.ts";

const HISTORY = 50;
/** Smaller work measures the launch rather than the arithmetic, and predicts nothing. */
const TELLING_MACS = 1_000_000;

export type Measurements = {
  readonly key: string;
  readonly timings: ReadonlyMap<string, Measured>;
  /** Milliseconds of the last runs, newest last. */
  readonly history: readonly number[];
  /** Multiply-adds each millisecond. */
  readonly rate: number | undefined;
};

export const NOTHING_MEASURED: Measurements = { key: "", timings: new Map(), history: [], rate: undefined };

/** What still holds for this work on this device. */
export function heldFor(known: Measurements, bench: Bench, layout: Layout, seat: Seat): Measurements {
  const { operands, batch, rows, columns } = layout;
  const { operator, options } = bench.operation;
  const key = JSON.stringify([operator, options, bench.texts, operands, batch, rows, columns, seat.kind]);
  return key === known.key ? known : { ...NOTHING_MEASURED, key, rate: known.rate };
}

export const withRun = (known: Measurements, milliseconds: number): Measurements => ({
  ...known,
  history: [...known.history, milliseconds].slice(-HISTORY),
});

export function withTiming(known: Measurements, kernel: string, timing: Measured, macs: number): Measurements {
  const timings = new Map(known.timings).set(kernel, timing);
  if (!("median" in timing) || macs < TELLING_MACS || timing.clock === "cpu") return { ...known, timings };
  return { ...known, timings, rate: macs / Math.max(0.001, timing.median) };
}

/** How long a run will take, in milliseconds. */
export const foreseen = ({ rate }: Measurements, bench: Bench, layout: Layout, seat: Seat): number =>
  layout.macs / (bench.kernel === "cpu" ? CPU_RATE : (rate ?? assumedRate(seat)));

/**
 * What the views are given to draw one frame, and what they may ask for. Views read a scene and call its actions; they
 * keep nothing themselves and know neither runner nor device.
 */

import type { Complaint, KernelDescription, Roofs, Timing } from "../kernels/types.ts";
import type { Axis } from "../src/playground/plan.ts";
import type { Layout } from "../src/playground/layout.ts";
import type { SourcePlace } from "../src/playground/operation.ts";
import type { Step } from "./engine/graph.ts";
import type { Bench, FunctionState, PlaygroundState } from "../src/playground/state.ts";
import type { Look } from "./draw/cells.ts";
import type { Palette } from "./draw/palette.ts";
import type { Cut, Matrix, Picture, TensorId } from "./engine/picture.ts";
import type { Seat } from "./engine/session.ts";
import type { Offered } from "./given/tensor.ts";
import type { Taken } from "./taking.ts";
import type { Giving } from "./giving.ts";

export type Measured = Timing | { readonly problem: string };

export type Live = {
  readonly seat: Seat;
  /** What the CPU can do, offered beside the kernels of a GPU. */
  readonly plain: readonly KernelDescription[];
  readonly running: boolean;
  readonly runs: number;
  /** Why the last run gave nothing. */
  readonly failure: string | undefined;
  /** Set when a run would take long, in milliseconds: then it waits for a click. */
  readonly waits: number | undefined;
  /** Measurements at the sizes on screen, by kernel. */
  readonly timings: ReadonlyMap<string, Measured>;
  readonly comparing: boolean;
  /** The most that the device can do, once it was measured. */
  readonly roofs: Roofs | undefined;
  /** What the compiler says of a text that was saved last, while it does not compile. */
  readonly broken: { readonly kernel: string; readonly complaints: readonly Complaint[] } | undefined;
  /** The medians of the last runs at these sizes, newest last. */
  readonly history: readonly number[];
  /** The product of the sum that is pointed at. */
  readonly term: number | undefined;
  readonly pointing: boolean;
  readonly table: boolean;
  /** What a button has just done, shown beside it for a moment. */
  readonly said: { readonly about: string; readonly text: string } | undefined;
  /** Values that someone is giving to an operand. */
  readonly giving: Giving | undefined;
  /** The values of the whole function, once they were computed. */
  readonly steps: readonly Step[] | undefined;
  readonly width: number;
};

export interface Actions {
  /** Changes what is computed. */
  readonly compute: (change: (bench: Bench) => Bench) => void;
  /** Changes only where we look. */
  readonly look: (change: (bench: Bench) => Bench) => void;
  readonly tab: (tab: PlaygroundState["tab"]) => void;
  readonly colours: (colours: PlaygroundState["colours"]) => void;
  readonly pointed: (pointing: boolean) => void;
  readonly term: (term: number | undefined) => void;
  readonly table: () => void;
  readonly run: () => void;
  readonly compare: () => void;
  readonly tune: () => void;
  /** Opens the WGSL of a kernel in an editor. */
  readonly wgsl: (kernel: KernelDescription) => void;
  /** Gives a kernel its own WGSL back. */
  readonly ours: (kernel: KernelDescription) => void;
  readonly tryAgain: () => void;
  readonly useCpu: () => void;
  readonly reset: () => void;
  readonly reveal: () => void;
  readonly revealAt: (source: SourcePlace) => void;
  /** Changes the whole function, and computes it anew unless told not to. */
  readonly changeFunction: (change: (old: FunctionState) => FunctionState, compute?: boolean) => void;
  readonly whole: () => void;
  /** Opens or closes the place where the values of an operand are given. */
  readonly give: (operand: number | undefined) => void;
  readonly giveText: (text: string) => void;
  readonly useGiven: () => void;
  readonly giveFile: (operand: number, file: File) => void;
  readonly chooseGiven: (offer: Offered) => void;
  /** Puts a link to what is on the bench on the clipboard. */
  readonly link: () => void;
  readonly save: (about: string, taken: Taken) => void;
  readonly copy: (about: string, text: string) => void;
}

export type Scene = {
  readonly state: PlaygroundState;
  readonly bench: Bench;
  readonly layout: Layout;
  readonly live: Live;
  /** The last good picture of this tab; it may be a step behind the controls while a run is under way. */
  readonly picture: Picture | undefined;
  readonly slice: readonly number[];
  readonly palette: Palette;
  readonly look: (matrix: Matrix) => Look;
  readonly matrix: (id: TensorId) => Matrix | undefined;
  /** The part of it that is in view. */
  readonly cut: (id: TensorId) => Cut | undefined;
  /** Keeps what was derived from this picture, so that it is the same object in the next frame. */
  readonly cached: <T>(key: string, make: () => T) => T | undefined;
  readonly hueOf: (axis: Axis) => string;
  /** What the tensor is called in the code or in the field. */
  readonly nameOf: (id: TensorId) => string;
  readonly act: Actions;
};

export type Frame = {
  /** What the controls say. */
  readonly controls: Scene;
  /** What the picture shows, which may be a step behind. */
  readonly figure: Scene;
};

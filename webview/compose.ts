/** From what is known to what is drawn: the scene of one frame. Matrices are cut out once and kept with their picture. */

import type { Axis, Plan } from "../src/playground/plan.ts";
import { resultName } from "../src/playground/axes.ts";
import type { Bench } from "../src/playground/state.ts";
import { spanOf } from "../src/playground/zoom.ts";
import { error, value } from "../src/playground/words.ts";
import { HUES, type Palette } from "./draw/palette.ts";
import { domainOf } from "./draw/statistics.ts";
import { cutOut, matrixOf, sliceOf, type Matrix, type Picture, type TensorId } from "./engine/picture.ts";
import type { Actions, Frame, Live, Scene } from "./scene.ts";
import { explained } from "./views/inspector.ts";
import { titleOf } from "./views/map.ts";

export type Shown = Pick<Scene, "state" | "bench" | "layout" | "picture" | "palette"> & {
  readonly live: Live;
  readonly palette: Palette;
};

/** What was cut out of each picture; it goes when the picture goes. */
const cuts = new WeakMap<Picture, Map<string, unknown>>();

export function compose(shown: Shown, act: Actions): Frame {
  const drawn = consistent(shown);
  return { controls: sceneOf({ ...shown, picture: drawn.picture }, act), figure: sceneOf(drawn, act) };
}

function sceneOf(shown: Shown, act: Actions): Scene {
  const { bench, picture, palette, state, layout } = shown;
  const slice = sliceOf(bench, layout);
  const cached: Scene["cached"] = <T>(key: string, make: () => T): T | undefined => {
    if (picture === undefined) return undefined;
    const own = cuts.get(picture) ?? new Map<string, unknown>();
    cuts.set(picture, own);
    if (!own.has(key)) own.set(key, make());
    return own.get(key) as T;
  };
  const hues = huesOf(layout.plan);
  const matrixFor = (id: TensorId): Matrix | undefined =>
    picture === undefined ? undefined : cached(`${id}-${slice.join()}`, () => matrixOf(picture, id, slice));
  return {
    ...shown,
    act,
    slice,
    cached,
    matrix: matrixFor,
    cut: (id) => {
      const whole = matrixFor(id);
      if (whole === undefined) return undefined;
      const [rows, columns] = [spanOf(bench, whole.rowExtent), spanOf(bench, whole.columnExtent)];
      const key = [id, ...slice, "cut", rows.from, rows.count, columns.from, columns.count].join();
      return cached(key, () => cutOut(whole, rows, columns));
    },
    look: (matrix) => ({ palette, domain: state.colours === "row" ? "row" : domainOf(matrix) }),
    hueOf: (axis: Axis) => (axis === 1 ? "none" : (hues.get(axis) ?? "none")),
    nameOf: (id) => nameOf(bench, id),
  };
}

/** Each dimension gets the colour of its role; a second one in the same role gets one that is still free. */
function huesOf({ dimensions }: Plan): ReadonlyMap<string, string> {
  const hues = new Map<string, string>();
  const taken = new Set<string>();
  const roles = new Set<string>(dimensions.map(({ role }) => role));
  for (const { name, role } of dimensions) {
    const hue = taken.has(role) ? (HUES.find((free) => !taken.has(free) && !roles.has(free)) ?? "none") : role;
    taken.add(hue);
    hues.set(name, hue);
  }
  return hues;
}

/**
 * While a run is under way the picture is a step behind the controls; then it is drawn with the sizes and names that it
 * was computed for. Where nothing will be computed unasked there is no picture: old numbers under new sizes would lie.
 */
function consistent(shown: Shown): Shown {
  const { picture, bench, layout, live } = shown;
  if (picture === undefined || layout.problem !== undefined || live.waits !== undefined)
    return { ...shown, picture: undefined };
  const { slice, cursor, zoom } = bench;
  return { ...shown, layout: picture.layout, bench: { ...picture.bench, slice, cursor, zoom } };
}

function nameOf(bench: Bench, id: TensorId): string {
  const operand = { a: 0, b: 1, q: 0, k: 1, v: 2 }[id as "a"];
  if (operand !== undefined) return bench.operation.operands[operand]?.name ?? id;
  return id === "result" || id === "output" ? resultName(bench) : id;
}

/** The cell that is looked at, for a screen reader; nothing while nobody looks. */
export function cellInWords(scene: Scene): string | undefined {
  if (!scene.live.pointing) return undefined;
  const cell = explained(scene);
  if (cell === undefined) return undefined;
  const { matrix, row, column } = cell;
  return `${titleOf(scene, matrix.id)}, ${matrix.rowExtent.axis} ${row}, ${matrix.columnExtent.axis} ${column}: ${value(cell.value)}`;
}

/** What was computed, for a screen reader; the announcer says it once the controls rest. */
export function resultInWords({ picture, bench, live }: Scene): string | undefined {
  if (picture === undefined || live.running) return undefined;
  const { batch, rows, columns, values } = picture.layout;
  const last = bench.operation.operator === "matmul" ? columns : values;
  const sizes = [...batch, rows, last].map(({ size }) => size).join(", ");
  const { maxError, ok } = picture.check;
  return `${resultName(bench)} (${sizes}) computed on the ${picture.onGpu ? "GPU" : "CPU"}, max error ${error(maxError)}, ${ok ? "right" : "wrong"}.`;
}

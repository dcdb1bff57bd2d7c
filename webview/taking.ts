/** What a person takes away as a file: a picture, a slice, a whole tensor, the timings. It makes bytes and saves nothing. */

import type { Extent } from "../src/playground/axes.ts";
import type { Layout } from "../src/playground/layout.ts";
import type { Bench } from "../src/playground/state.ts";
import { renderCells } from "./draw/cells.ts";
import { rowOf, type Matrix, type Stored } from "./engine/picture.ts";
import type { Scene } from "./scene.ts";
import type { Look } from "./draw/cells.ts";

export type Taken = { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> };

const encoded = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A row for each row of the slice; the first line and column are indices. Nine digits tell float32 numbers apart. */
export function csvOf(matrix: Matrix): Uint8Array<ArrayBuffer> {
  const lines = Array.from({ length: matrix.rows }, (_, i) =>
    [i, ...rowOf(matrix, i).map((x) => (Number.isFinite(x) ? Number(x.toPrecision(9)) : pythonWord(x)))].join(","),
  );
  const corner = `${String(matrix.rowExtent.axis)}\\${String(matrix.columnExtent.axis)}`;
  const head = [corner, ...Array.from({ length: matrix.columns }, (_, j) => j)].join(",");
  return encoded([head, ...lines, ""].join("\n"));
}

const pythonWord = (x: number): string => (Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf");

/** NumPy's format, version 1: the header is padded so that the numbers begin at a multiple of 64. */
export function npyOf({ data, axes }: Stored): Uint8Array<ArrayBuffer> {
  const shape = axes.map(({ size }: Extent) => size);
  const tuple = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = 64 * Math.ceil((10 + header.length + 1) / 64);
  const bytes = new Uint8Array(start + 4 * data.length);
  bytes.set([0x93, ...encoded("NUMPY"), 1, 0, (start - 10) & 255, (start - 10) >> 8]);
  bytes.set(encoded(`${header.padEnd(start - 11)}\n`), 10);
  const view = new DataView(bytes.buffer, start);
  data.forEach((x, i) => view.setFloat32(4 * i, x, true));
  return bytes;
}

/** Everything that was measured at these sizes, and where. */
export function timingsOf(bench: Bench, layout: Layout, { live, picture }: Scene): Uint8Array<ArrayBuffer> {
  const { seat } = live;
  const report = {
    operation: bench.operation.operator,
    operands: layout.operands.map(({ name, axes }) => ({ name, shape: axes.map(({ size }) => size) })),
    options: bench.operation.options,
    device: seat.kind === "gpu" ? { name: seat.found.name, software: seat.found.software } : { name: "CPU" },
    multiplyAdds: layout.macs,
    maxError: picture?.check.maxError,
    kernels: [...live.timings].map(([kernel, timing]) => ({ kernel, ...timing })),
    lastRunsInMilliseconds: live.history,
  };
  return encoded(`${JSON.stringify(report, null, 2)}\n`);
}

const LONGEST = 1600;
const TITLE = 24;

/** The slice as it is on screen, larger and with its title. */
export async function pngOf(matrix: Matrix, look: Look, title: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const cell = Math.max(1, Math.min(48, Math.floor(LONGEST / Math.max(matrix.rows, matrix.columns))));
  const fit = Math.min(1, LONGEST / (cell * Math.max(matrix.rows, matrix.columns)));
  const size = { width: Math.max(1, cell * matrix.columns * fit), height: Math.max(1, cell * matrix.rows * fit) };
  const cells = document.createElement("canvas");
  renderCells(cells, matrix, size, look);
  const sheet = document.createElement("canvas");
  const context = sheet.getContext("2d");
  if (context === null) return undefined;
  const ratio = cells.width / size.width;
  context.font = `${13 * ratio}px ${look.palette.font}`;
  sheet.width = Math.ceil(Math.max(cells.width, context.measureText(title).width) + 16 * ratio);
  sheet.height = cells.height + Math.ceil((TITLE + 16) * ratio);
  context.fillStyle = look.palette.paper;
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.fillStyle = look.palette.ink;
  context.font = `${13 * ratio}px ${look.palette.font}`;
  context.fillText(title, 8 * ratio, 20 * ratio);
  context.drawImage(cells, 8 * ratio, (8 + TITLE) * ratio);
  const blob = await new Promise<Blob | null>((resolve) => sheet.toBlob(resolve));
  return blob === null ? undefined : new Uint8Array(await blob.arrayBuffer());
}

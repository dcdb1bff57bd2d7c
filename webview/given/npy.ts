/** NumPy's `.npy` format, versions 1 to 3: a header written as a Python dictionary, then the numbers. */

import { decoded, FORMATS, noteOf, type NumberFormat } from "./numbers.ts";
import { countOf, sizeProblem, type Given, type Refused } from "./tensor.ts";

const MAGIC = "\x93NUMPY";

const KINDS: Readonly<Record<string, NumberFormat>> = {
  f2: FORMATS.f16,
  f4: FORMATS.f32,
  f8: FORMATS.f64,
  i1: FORMATS.i8,
  i2: FORMATS.i16,
  i4: FORMATS.i32,
  i8: FORMATS.i64,
  u1: FORMATS.u8,
  u2: FORMATS.u16,
  u4: FORMATS.u32,
  u8: FORMATS.u64,
  b1: FORMATS.bool,
};

type Header = {
  readonly shape: readonly number[];
  readonly numbers: NumberFormat;
  readonly little: boolean;
  readonly fortran: boolean;
  /** Where the numbers begin. */
  readonly start: number;
};

/** Bytes from which the header can be read, whatever its length is; NumPy pads it to 64. */
export const NPY_HEADER_BYTES = 4096;

/** The header at the start of these bytes, or why it is none. */
export function npyHeader(bytes: Uint8Array, from: string): Header | Refused {
  const text = (start: number, end: number): string => String.fromCharCode(...bytes.subarray(start, end));
  if (text(0, 6) !== MAGIC) return { problem: `${from} is not a .npy file: it does not begin with NumPy's mark.` };
  const wide = (bytes[6] ?? 1) > 1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const begin = wide ? 12 : 10;
  if (bytes.length < begin) return { problem: `${from} ends in the middle of its header.` };
  const start = begin + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (bytes.length < start) return { problem: `${from} ends in the middle of its header.` };
  const header = text(begin, start);
  const descr = /'descr':\s*'([<>|=]?)(\w+)'/.exec(header);
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header);
  if (shape === null || order === null || !header.includes("'descr'"))
    return { problem: `The header of ${from} is damaged.` };
  const numbers = KINDS[descr?.[2] ?? ""];
  if (numbers === undefined) {
    const kind = descr?.[2] ?? "a record of several fields";
    return { problem: `${from} holds ${WORDS[kind.charAt(0)] ?? kind}; here are only real numbers.` };
  }
  return {
    numbers,
    shape: (shape[1] ?? "").split(",").flatMap((size) => (size.trim() === "" ? [] : [Number(size)])),
    little: descr?.[1] !== ">",
    fortran: order[1] === "True",
    start,
  };
}

const WORDS: Readonly<Record<string, string>> = {
  c: "complex numbers",
  O: "Python objects",
  U: "text",
  S: "text",
  M: "dates",
  m: "spans of time",
};

export function readNpy(bytes: Uint8Array, from: string): Given | Refused {
  const header = npyHeader(bytes, from);
  if ("problem" in header) return header;
  const { shape, numbers, little, fortran, start } = header;
  const problem = sizeProblem(from, shape);
  if (problem !== undefined) return { problem };
  const length = countOf(shape) * numbers.bytes;
  const have = bytes.length - start;
  if (have < length) return { problem: `${from} is cut off: ${have} of ${length} bytes of numbers are there.` };
  const { data, rounded } = decoded(bytes.subarray(start, start + length), numbers, little);
  return { from, shape, data: fortran ? fromFortran(data, shape) : data, ...noteOf(numbers, rounded) };
}

/** Fortran's order counts the first axis fastest. */
function fromFortran(data: Float32Array, shape: readonly number[]): Float32Array {
  const out = new Float32Array(data.length);
  const index = shape.map(() => 0);
  const strides = shape.map((_, axis) => countOf(shape.slice(0, axis)));
  for (let i = 0; i < out.length; i++) {
    out[i] = data[index.reduce((at, n, axis) => at + n * (strides[axis] ?? 1), 0)] ?? NaN;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] ?? 0) + 1;
      if ((index[axis] ?? 0) < (shape[axis] ?? 1)) break;
      index[axis] = 0;
    }
  }
  return out;
}

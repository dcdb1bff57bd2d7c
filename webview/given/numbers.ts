/** The number formats of tensor files, and how their bytes become float32. It knows no file format. */

export type NumberFormat = {
  /** As NumPy and PyTorch call it. */
  readonly dtype: string;
  readonly bytes: number;
  readonly at: (view: DataView, offset: number, little: boolean) => number;
  /** Whether every value of the format is a float32. */
  readonly exact: boolean;
};

const format = (dtype: string, bytes: number, exact: boolean, at: NumberFormat["at"]): NumberFormat => ({
  dtype,
  bytes,
  exact,
  at,
});

export const FORMATS = {
  f16: format("float16", 2, true, (view, at, little) => half(view.getUint16(at, little))),
  bf16: format("bfloat16", 2, true, (view, at, little) => brain(view.getUint16(at, little))),
  f32: format("float32", 4, true, (view, at, little) => view.getFloat32(at, little)),
  f64: format("float64", 8, false, (view, at, little) => view.getFloat64(at, little)),
  i8: format("int8", 1, true, (view, at) => view.getInt8(at)),
  i16: format("int16", 2, true, (view, at, little) => view.getInt16(at, little)),
  i32: format("int32", 4, false, (view, at, little) => view.getInt32(at, little)),
  i64: format("int64", 8, false, (view, at, little) => Number(view.getBigInt64(at, little))),
  u8: format("uint8", 1, true, (view, at) => view.getUint8(at)),
  u16: format("uint16", 2, true, (view, at, little) => view.getUint16(at, little)),
  u32: format("uint32", 4, false, (view, at, little) => view.getUint32(at, little)),
  u64: format("uint64", 8, false, (view, at, little) => Number(view.getBigUint64(at, little))),
  bool: format("bool", 1, true, (view, at) => (view.getUint8(at) === 0 ? 0 : 1)),
} as const;

/** Bytes of one format as float32; `rounded` says that some value did not fit. */
export function decoded(
  bytes: Uint8Array,
  numbers: NumberFormat,
  little: boolean,
): { readonly data: Float32Array; readonly rounded: boolean } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = new Float32Array(Math.floor(bytes.byteLength / numbers.bytes));
  let rounded = false;
  for (let i = 0; i < data.length; i++) {
    const x = numbers.at(view, i * numbers.bytes, little);
    data[i] = x;
    if (!numbers.exact && !rounded && data[i] !== x && !Number.isNaN(x)) rounded = true;
  }
  return { data, rounded };
}

/** What is to be said of values that were not float32. */
export const noteOf = ({ dtype }: NumberFormat, rounded: boolean): { readonly note?: string } =>
  rounded ? { note: `${dtype}, rounded to float32` } : dtype === "float32" ? {} : { note: dtype };

function half(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
function brain(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}

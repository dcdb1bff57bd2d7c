/** The safetensors format: eight bytes of length, a header in JSON, then the numbers of every tensor. */

import { decoded, FORMATS, noteOf, type NumberFormat } from "./numbers.ts";
import { countOf, sizeProblem, type Given, type Offered, type Refused } from "./tensor.ts";

const KINDS: Readonly<Record<string, NumberFormat>> = {
  F16: FORMATS.f16,
  BF16: FORMATS.bf16,
  F32: FORMATS.f32,
  F64: FORMATS.f64,
  I8: FORMATS.i8,
  I16: FORMATS.i16,
  I32: FORMATS.i32,
  I64: FORMATS.i64,
  U8: FORMATS.u8,
  U16: FORMATS.u16,
  U32: FORMATS.u32,
  U64: FORMATS.u64,
  BOOL: FORMATS.bool,
};

/** Longer headers than the format allows are damage. */
const MOST_HEADER = 100_000_000;

export async function safetensorsIn(file: Blob, from: string): Promise<readonly Offered[] | Refused> {
  const lead = new DataView(await file.slice(0, 8).arrayBuffer());
  const length = lead.byteLength < 8 ? NaN : Number(lead.getBigUint64(0, true));
  if (!(length >= 2 && length <= Math.min(MOST_HEADER, file.size - 8)))
    return { problem: `${from} is not a safetensors file, or it is damaged: its header has no sensible length.` };
  const header = parsed(await file.slice(8, 8 + length).text());
  if (header === undefined) return { problem: `The header of ${from} is damaged.` };
  const offers = Object.entries(header).flatMap(([name, entry]) => {
    if (name === "__metadata__") return [];
    const found = tensorIn(entry);
    return found === undefined ? [] : [offer(file, `${from}: ${name}`, name, found, 8 + length)];
  });
  return offers.length > 0 ? offers : { problem: `${from} holds no tensors.` };
}

type Stored = {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
};

function offer(file: Blob, from: string, name: string, stored: Stored, start: number): Offered {
  const { dtype, shape, begin, end } = stored;
  const numbers = KINDS[dtype];
  const read = async (): Promise<Given | Refused> => {
    if (numbers === undefined) return { problem: `${from} is stored as ${dtype}, which is not read here.` };
    const problem = sizeProblem(from, shape);
    if (problem !== undefined) return { problem };
    const bytes = new Uint8Array(await file.slice(start + begin, start + end).arrayBuffer());
    const length = countOf(shape) * numbers.bytes;
    if (bytes.length !== length)
      return { problem: `${from} is cut off: ${bytes.length} of ${length} bytes are there.` };
    const { data, rounded } = decoded(bytes, numbers, true);
    return { from, shape, data, ...noteOf(numbers, rounded) };
  };
  return { name, shape, dtype: numbers?.dtype ?? dtype, read };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function tensorIn(entry: unknown): Stored | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const { dtype, shape, data_offsets: offsets } = { dtype: "", shape: [], data_offsets: [], ...entry };
  const whole = (list: unknown): list is number[] => Array.isArray(list) && list.every(Number.isSafeInteger);
  if (typeof dtype !== "string" || !whole(shape) || !whole(offsets)) return undefined;
  const [begin = -1, end = -1] = offsets;
  return begin < 0 || end < begin ? undefined : { dtype, shape, begin, end };
}

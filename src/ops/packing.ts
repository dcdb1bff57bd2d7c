/**
 * Sequences of different lengths packed behind each other, as recurrent layers read them, and padded again. How
 * many elements are packed depends on the lengths.
 */
import { known, rank, unknownDim, type Dim, type Shape } from "../shapes/index.ts";
import { argument, boolArgument, isGiven, tensorOf } from "./arguments.ts";
import { itemsOf, none, record, tensor, tuple, unknown } from "./datum.ts";
import { op } from "./declare.ts";
import type { DType } from "./dtype.ts";
import type { Call } from "./operator.ts";
import { otherRank } from "./problems.ts";
import type { Datum } from "./value.ts";

const PACKED = "PackedSequence";

/** The elements of all sequences, and how many sequences are that long at every step. */
export function packed(data: Datum, orders: Datum = unknown): Datum {
  return record(PACKED, [
    ["data", data],
    ["batch_sizes", tensor(known([unknownDim()]), "int64", "torch")],
    ["sorted_indices", orders],
    ["unsorted_indices", orders],
  ]);
}

/** The packed elements; null where the value is no packed sequence. */
export function dataOf(value: Datum): Datum | null {
  return value.kind === "record" && value.name === PACKED ? (value.fields.get("data") ?? unknown) : null;
}

function packedFrom(call: Call, tail: readonly Dim[] | null, batch: Dim, dtype: DType | null): Datum {
  const data = tail === null ? unknown : tensor(known([unknownDim(), ...tail]), dtype, "torch");
  const sorted = isGiven(call, "enforce_sorted") ? boolArgument(call, "enforce_sorted") : null;
  const order = tensor(known([batch]), "int64", "torch");
  return packed(data, sorted === null ? unknown : sorted ? none : order);
}

export const packPadded = op({
  names: ["torch.nn.utils.rnn.pack_padded_sequence"],
  summary: "Sequences of a padded batch, packed behind each other.",
  call: "input: tensor, lengths: any, batch_first: bool = False, enforce_sorted: bool = True",
  shape: (call) => {
    const { shape, dtype } = tensorOf(call, "input");
    const count = rank(shape);
    if (count !== null && count < 2) return otherRank(call, "input", shape, "at least 2 dimensions");
    const first = boolArgument(call, "batch_first");
    const batch = count === null || first === null ? undefined : shape.dims[first ? 0 : 1];
    const tail = count === null ? null : shape.dims.slice(2);
    return { value: packedFrom(call, tail, batch ?? unknownDim(), dtype) };
  },
});

export const packSequence = op({
  names: ["torch.nn.utils.rnn.pack_sequence"],
  summary: "A list of sequences, packed behind each other.",
  call: "sequences: tensors, enforce_sorted: bool = True",
  shape: (call) => {
    const items = itemsOf(argument(call, "sequences")) ?? [];
    const [first] = items;
    const one = first?.kind === "tensor" ? call.solver.shape(first.shape) : null;
    const tail = one === null || rank(one) === null ? null : one.dims.slice(1);
    return { value: packedFrom(call, tail, unknownDim(), first?.kind === "tensor" ? first.dtype : null) };
  },
});

export const padPacked = op({
  names: ["torch.nn.utils.rnn.pad_packed_sequence"],
  summary: "A padded batch again, with the length of each sequence.",
  call: "sequence: any, batch_first: bool = False, padding_value: any = 0.0, total_length: int = None",
  shape: (call) => {
    const data = dataOf(argument(call, "sequence"));
    const lengths = tensor(known([unknownDim()]), "int64", "torch");
    if (data?.kind !== "tensor" || rank(data.shape) === null) return { value: tuple([unknown, lengths]) };
    const whole: Shape = known([unknownDim(), unknownDim(), ...data.shape.dims.slice(1)]);
    return { value: tuple([tensor(whole, data.dtype, "torch"), lengths]) };
  },
});

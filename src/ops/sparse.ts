/**
 * PyTorch's sparse tensors from their parts. Their shape is that of the tensor they stand for, which only the `size`
 * tells for certain.
 */
import { rank } from "../shapes/index.ts";
import { argument, isGiven, tensorOf } from "./arguments.ts";
import { shapeFrom } from "./create.ts";
import { op } from "./declare.ts";
import { orGiven, same } from "./dtype-rules.ts";
import { otherRank } from "./problems.ts";

const OPTIONS =
  "dtype: dtype = None, device: any = None, pin_memory: bool = False, requires_grad: bool = False, check_invariants: any = None";

export const coordinates = op({
  names: ["torch.sparse_coo_tensor"],
  summary: "A sparse tensor from the coordinates of its elements, one column for each, and their values.",
  call: `indices: any, values as input: any = None, size: ints = None, *, ${OPTIONS}, is_coalesced: any = None`,
  shape: (call) => {
    // A tensor that stands alone names the sizes.
    if (!isGiven(call, "input")) return isGiven(call, "size") ? shapeFrom(call, "size") : null;
    const { shape } = tensorOf(call, "indices");
    if (argument(call, "indices").kind === "tensor" && rank(shape) !== null && rank(shape) !== 2)
      return otherRank(call, "indices", shape, "coordinates in 2 dimensions");
    return isGiven(call, "size") ? shapeFrom(call, "size") : null;
  },
  dtype: orGiven(same("input")),
});

export const compressed = op({
  names: ["csr", "csc", "bsr", "bsc"].map((layout) => `torch.sparse_${layout}_tensor`),
  summary: "A sparse tensor from compressed coordinates and values.",
  call: `compressed_indices|crow_indices|ccol_indices as compressed: any, plain_indices|col_indices|row_indices as plain: any, values as input: any, size: ints = None, *, ${OPTIONS}`,
  shape: (call) => (isGiven(call, "size") ? shapeFrom(call, "size") : null),
  dtype: orGiven(same("input")),
});

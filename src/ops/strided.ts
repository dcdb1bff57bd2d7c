/**
 * Tensors laid out by strides, and writes at places of memory. Sizes are stated outright here; strides and
 * offsets matter to no shape.
 */
import { elementCount } from "../shapes/index.ts";
import { argument, tensorOf } from "./arguments.ts";
import { itemsOf } from "./datum.ts";
import { shapeFrom } from "./create.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { accumulated, always, defaultFloat, orGiven, same } from "./dtype-rules.ts";
import { copyOf, inTorch } from "./names.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, problem, shortName, shown } from "./problems.ts";
import { axisOf } from "./verbs/axis.ts";
import { fitInto } from "./verbs/broadcast.ts";
import { reduce } from "./verbs/reduce.ts";

const sized = (call: Call): ShapeAnswer => shapeFrom(call, "size");

const KEYWORDS =
  "dtype: dtype = None, layout: any = None, device: any = None, pin_memory: bool = False, requires_grad: bool = False";

export const asStrided = op({
  names: [...inTorch("as_strided"), ...copyOf("as_strided")],
  summary: "A view of the memory with the given sizes and strides.",
  call: "input: tensor, size: ints, stride: any, storage_offset: any = None",
  shape: sized,
});

export const asStridedInPlace = op({
  names: ["torch.Tensor.as_strided_", "torch.as_strided_"],
  summary: "Gives the tensor itself other sizes and strides.",
  call: "input: tensor, size: ints, stride: any, storage_offset: any = None",
  shape: sized,
  reshapesInPlace: true,
});

export const asStridedScatter = op({
  names: inTorch("as_strided_scatter"),
  summary: "Writes a tensor where a strided view of another would be; the shape stays.",
  call: "input: tensor, src: tensor, size: ints, stride: any, storage_offset: any = None",
  shape: (call) => {
    const part = shapeFrom(call, "size");
    if (part === null || !("dims" in part)) return part;
    return sameSizes(call, part) ?? tensorOf(call, "input").shape;
  },
});

function sameSizes(call: Call, part: Parameters<typeof fitInto>[2]): Problem | null {
  const source = tensorOf(call, "src").shape;
  const verdict = call.solver.requireShapes(source, part, call.cause);
  if (verdict.answer !== "no") return null;
  const [told, wanted] = [shown(call, "src", source), shown(call, "", part)(() => "").trim()];
  return problem("argument", {
    verdict,
    parameters: ["src"],
    message: (name) => `${told(name)} does not have the sizes ${wanted} of the place that it is written to.`,
  });
}

export const emptyStrided = op({
  names: ["torch.empty_strided", "torch.empty_permuted"],
  summary: "A tensor that is not initialised, in a certain layout.",
  call: {
    "torch.empty_strided": `size: ints, stride as layout: any, *, ${KEYWORDS.replace("layout: any = None, ", "")}`,
    "torch.empty_permuted": `size: ints, physical_layout as layout: any, *, ${KEYWORDS.replace("layout: any = None, ", "")}`,
  },
  shape: (call) => {
    const [sizes, layout] = [itemsOf(argument(call, "size")), itemsOf(argument(call, "layout"))];
    if (sizes === null || layout === null || sizes.length === layout.length) return sized(call);
    return problem("argument", {
      message: () =>
        `\`${shortName(call)}\` needs a layout of all ${sizes.length} dimensions; it names ${layout.length}.`,
    });
  },
  dtype: orGiven(defaultFloat),
});

export const newEmptyStrided = op({
  names: ["torch.Tensor.new_empty_strided"],
  summary: "A tensor that is not initialised, with the type and device of another one.",
  call: `self as input: tensor, size: ints, stride: any, ${KEYWORDS}`,
  shape: sized,
  dtype: orGiven(same()),
});

export const scalarTensor = op({
  names: ["torch.scalar_tensor"],
  summary: "A tensor of rank 0 with one number.",
  call: `s: any, *, ${KEYWORDS}`,
  shape: () => ({ lead: null, dims: [] }),
  dtype: orGiven((call) => {
    const { kind } = argument(call, "s");
    return kind === "int" || kind === "float" || kind === "bool" ? defaultFloat(call) : null;
  }),
});

export const sumToSize = op({
  names: ["torch.Tensor.sum_to_size"],
  summary: "Sums over dimensions until the sizes are the given ones.",
  call: "self as input: tensor, *size: ints",
  shape: (call) => {
    const target = shapeFrom(call, "size");
    if (target === null || !("dims" in target)) return target;
    return fitInto(call, { parameter: "size", shape: target }, tensorOf(call, "input").shape, "expand") ?? target;
  },
  // Where nothing is summed, small integers stay what they are.
  dtype: (call) => {
    const [before, after] = [same()(call), accumulated()(call)];
    return before === after ? before : null;
  },
});

/** Places count all elements of the tensor one after the other. */
export const put = op({
  names: [...inTorch("put"), "torch.Tensor.put_"],
  summary: "Writes elements at places of the flattened tensor; the shape stays.",
  call: "input: tensor, index: tensor, source: tensor, accumulate: any = False",
  shape: (call) => {
    const [index, source] = [tensorOf(call, "index").shape, tensorOf(call, "source").shape];
    const counts = [elementCount(index), elementCount(source)];
    const [wanted, there] = counts;
    if (wanted === null || wanted === undefined || there === null || there === undefined)
      return tensorOf(call, "input").shape;
    const verdict = call.solver.require(wanted, there, call.cause);
    if (verdict.answer !== "no") return tensorOf(call, "input").shape;
    const [places, values] = [shown(call, "index", index), shown(call, "source", source)];
    return problem("index-sizes", {
      verdict,
      parameters: ["index", "source"],
      message: (name) => `\`${shortName(call)}\` needs a value for each of ${places(name)}; it gets ${values(name)}.`,
    });
  },
});

export const indexPut = op({
  names: ["index_put", "index_put_"].flatMap((name) => [`torch.${name}`, `torch.Tensor.${name}`]),
  summary: "Writes elements where index tensors point to; the shape stays.",
  call: "input: tensor, indices: any, values: tensor, accumulate: any = False",
  shape: (call) => tensorOf(call, "input").shape,
});

export const renorm = op({
  names: [...inTorch("renorm"), "torch.Tensor.renorm_"],
  summary: "Scales the slices along a dimension down to a norm; the shape stays.",
  call: "input: tensor, p: any, dim: axis, maxnorm: any, *, out: any = None",
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    const wide = call.solver.requireAtLeast(shape, 2);
    if (wide === null) {
      const told = shown(call, "input", shape);
      return problem("input-rank", {
        parameters: ["input"],
        message: (name) => `\`renorm\` needs at least 2 dimensions; it gets ${told(name)}.`,
      });
    }
    const axis = axisOf(call, "dim", wide, { of: "input" });
    return isProblem(axis) ? axis : call.solver.shape(wide);
  },
});

export const hashTensor = op({
  names: inTorch("hash_tensor"),
  summary: "A hash of the bits of all elements, or of those along dimensions.",
  call: "input: tensor, dim: axes = (), *, keepdim: bool = False, mode: any = 0, out: any = None",
  shape: (call) => reduce(call, { emptyMeansAll: true }),
  dtype: always("uint64"),
});

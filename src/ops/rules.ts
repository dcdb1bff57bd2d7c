/**
 * Every problem that Shapesight can find, those of operators and those of programs: how sure it is, what it
 * means, how it reads in the libraries' own words, and how to get rid of it. The pages under `docs/rules` are
 * printed from this table. It knows words, no shapes.
 */
export interface Rule {
  readonly severity: "error" | "warning" | "information" | "hint";
  readonly title: string;
  readonly explanation: string;
  /** A complete program that has the problem in its last line. */
  readonly example: string;
  readonly fix: string;
  /** What the library says when the example runs, so that a search finds the page; null where it says nothing. */
  readonly libraryMessage: string | null;
}

export type RuleCode = keyof typeof RULES;

const torch = (...lines: readonly string[]): string =>
  ["import torch", "import torch.nn as nn", "import torch.nn.functional as F", "", ...lines].join("\n");

export const RULES = {
  "matmul-inner": {
    severity: "error",
    title: "Inner sizes of a matrix product differ",
    explanation:
      "A product sums over the last dimension of its left operand and the second-last of its right one (the only one, if it has one dimension). These two sizes must be the same.",
    example: torch("q = torch.randn(10, 64)", "k = torch.randn(10, 64)", "scores = q @ k"),
    fix: "Transpose one of the operands (`k.transpose(-2, -1)`), or correct the layer that made it. For the product of elements use `*`.",
    libraryMessage: "mat1 and mat2 shapes cannot be multiplied",
  },
  "matmul-batch": {
    severity: "error",
    title: "Batch dimensions of a matrix product differ",
    explanation:
      "All dimensions but the last two are batch dimensions. They are broadcast: each pair must be equal, or one of the two must be 1.",
    example: torch("q = torch.randn(6, 12, 35, 64)", "k = torch.randn(18, 12, 64, 577)", "scores = q @ k"),
    fix: "Repeat or expand the smaller batch, or insert a dimension of size 1 with `unsqueeze`.",
    libraryMessage: "The size of tensor a (6) must match the size of tensor b (18) at non-singleton dimension 0",
  },
  "matmul-rank": {
    severity: "error",
    title: "An operand of a matrix product has the wrong number of dimensions",
    explanation:
      "`mm` multiplies matrices, `mv` a matrix and a vector, `bmm` two stacks of matrices, `dot` two vectors; none of them broadcasts. A plain product needs at least one dimension on both sides.",
    example: torch("attn = torch.randn(4, 10, 20)", "values = torch.randn(20, 8)", "context = attn.bmm(values)"),
    fix: "Use `@`, which takes any number of batch dimensions, or add the missing dimension with `unsqueeze`.",
    libraryMessage: "batch2 must be a 3D tensor",
  },
  broadcast: {
    severity: "error",
    title: "Shapes cannot be broadcast together",
    explanation:
      "Shapes are aligned at their last dimension. Each pair of sizes must be equal, or one of the two must be 1; missing dimensions count as 1.",
    example: torch("pred = torch.randn(32, 10)", "target = torch.randn(32, 12)", "difference = pred - target"),
    fix: "Insert a dimension of size 1 where the shapes should be stretched (`x.unsqueeze(-1)`, `x[:, None]`), or transpose one of them.",
    libraryMessage: "The size of tensor a (10) must match the size of tensor b (12) at non-singleton dimension 1",
  },
  "silent-broadcast": {
    severity: "warning",
    title: "A loss broadcasts its arguments",
    explanation:
      "A prediction of shape (32, 1) and a target of shape (32,) broadcast to (32, 32): the loss is averaged over every pair, and the model learns the mean of the targets.",
    example: torch("pred = torch.randn(32, 1)", "target = torch.randn(32)", "loss = F.mse_loss(pred, target)"),
    fix: "Give both the same shape: `pred.squeeze(-1)` or `target.unsqueeze(-1)`.",
    libraryMessage: "Using a target size (torch.Size([32])) that is different to the input size (torch.Size([32, 1]))",
  },
  "reshape-count": {
    severity: "error",
    title: "A reshape changes the number of elements",
    explanation:
      "`view` and `reshape` keep every element, so the product of the sizes must stay the same. One size may be -1; it is then what remains, and must come out whole.",
    example: torch("x = torch.randn(2, 10, 500)", "heads = x.view(2, 10, 8, 62)"),
    fix: "Check the sizes against the shape that the hover shows, or let -1 stand for one of them.",
    libraryMessage: "shape '[2, 10, 8, 62]' is invalid for input of size 10000",
  },
  "view-strides": {
    severity: "error",
    title: "A view would need a copy",
    explanation:
      "`view` gives the same memory other sizes. After `transpose`, `permute` or `expand` the dimensions lie in another order there, so that some of them cannot be merged without copying.",
    example: torch("heads = torch.randn(2, 8, 10, 64)", "merged = heads.transpose(1, 2).view(2, 10, 512)"),
    fix: "Call `reshape`, which copies where it must, or `contiguous()` before `view`.",
    libraryMessage: "view size is not compatible with input tensor's size and stride",
  },
  expand: {
    severity: "error",
    title: "A dimension cannot be expanded",
    explanation:
      "`expand` and `broadcast_to` stretch dimensions of size 1 and add dimensions in front. They change no other size.",
    example: torch("x = torch.randn(3, 4)", "y = x.expand(6, 4)"),
    fix: "Use `repeat` to copy elements, or insert a dimension of size 1 first.",
    libraryMessage: "The expanded size of the tensor (6) must match the existing size (3) at non-singleton dimension 0",
  },
  "cat-sizes": {
    severity: "error",
    title: "Tensors to be joined differ in another dimension",
    explanation:
      "Concatenation adds sizes along one dimension; all others must agree. `stack` makes a new dimension, so there all sizes must agree.",
    example: torch(
      "skip = torch.randn(2, 64, 111, 80)",
      "up = torch.randn(2, 64, 110, 80)",
      "joined = torch.cat([skip, up], dim=1)",
    ),
    fix: "Pad or crop one of them, or join along the dimension in which they differ.",
    libraryMessage: "Sizes of tensors must match except in dimension 1",
  },
  "split-sizes": {
    severity: "error",
    title: "The parts of a split do not add up",
    explanation:
      "The sizes given to `split` or `unflatten` must make up the whole dimension. NumPy's `split` into equal parts must come out even.",
    example: torch("x = torch.randn(4, 10)", "a, b = x.split([4, 5], dim=1)"),
    fix: "Correct the sizes, or use `chunk` or `np.array_split`, which allow a smaller last part.",
    libraryMessage: "split_with_sizes expects split_sizes to sum exactly to 10",
  },
  "linear-features": {
    severity: "error",
    title: "A linear layer gets another number of features",
    explanation:
      "`nn.Linear(in_features, out_features)` multiplies the last dimension of its input, which must have size `in_features`.",
    example: torch("x = torch.randn(64, 128)", "head = nn.Linear(120, 10)", "y = head(x)"),
    fix: "Set `in_features` to the size that arrives, or flatten the right dimensions before.",
    libraryMessage: "mat1 and mat2 shapes cannot be multiplied (64x128 and 120x10)",
  },
  "conv-channels": {
    severity: "error",
    title: "A convolution gets another number of channels",
    explanation:
      "A convolution takes (batch, channels, …) or (channels, …). The number of channels must be `in_channels`.",
    example: torch("x = torch.randn(1, 4, 40, 64)", "conv = nn.Conv2d(3, 64, 3)", "y = conv(x)"),
    fix: "Set `in_channels`, or permute an image that has its channels last.",
    libraryMessage: "expected input[1, 4, 40, 64] to have 3 channels, but got 4 channels instead",
  },
  "input-rank": {
    severity: "error",
    title: "The input has the wrong number of dimensions",
    explanation:
      "Many layers accept only certain numbers of dimensions: `Conv2d` takes 4 (a batch of images) or 3 (one image), an LSTM takes 3 or 2.",
    example: torch("x = torch.randn(1, 6, 3, 64, 64)", "conv = nn.Conv2d(3, 8, 3)", "y = conv(x)"),
    fix: "Merge dimensions with `flatten(0, 1)`, or add one with `unsqueeze(0)`.",
    libraryMessage: "Expected 3D (unbatched) or 4D (batched) input to conv2d",
  },
  "window-too-large": {
    severity: "error",
    title: "A kernel is larger than its input",
    explanation: "A convolution or pooling window must fit at least once into the padded input.",
    example: torch("x = torch.randn(1, 8, 3, 3)", "conv = nn.Conv2d(8, 16, 4)", "y = conv(x)"),
    fix: "Use a smaller kernel, more padding, a larger input, or fewer poolings before.",
    libraryMessage: "Kernel size can't be greater than actual input size",
  },
  "norm-features": {
    severity: "error",
    title: "A normalisation layer gets another number of features",
    explanation:
      "`BatchNorm` and `GroupNorm` normalise dimension 1, the channels; `LayerNorm` and `RMSNorm` the last ones, which must be exactly `normalized_shape`.",
    example: torch("x = torch.randn(4, 10, 512)", "norm = nn.LayerNorm(768)", "y = norm(x)"),
    fix: "Set the number of features to the size that arrives, or permute the input.",
    libraryMessage: "Given normalized_shape=[768], expected input with shape [*, 768]",
  },
  "rnn-features": {
    severity: "error",
    title: "A recurrent layer gets another number of features",
    explanation: "The last dimension of the input must be `input_size`.",
    example: torch("x = torch.randn(4, 10, 100)", "rnn = nn.LSTM(300, 64, batch_first=True)", "y, _ = rnn(x)"),
    fix: "Set `input_size` to the size that arrives.",
    libraryMessage: "input.size(-1) must be equal to input_size. Expected 300, got 100",
  },
  "rnn-state": {
    severity: "error",
    title: "A recurrent layer gets a state of another shape",
    explanation:
      "The first state has the shape (layers · directions, batch, hidden size), also with `batch_first=True`; without a batch it is (layers · directions, hidden size). An LSTM takes a pair of them.",
    example: torch(
      "x = torch.randn(4, 10, 100)",
      "rnn = nn.GRU(100, 64, num_layers=2, batch_first=True)",
      "y, h = rnn(x, torch.zeros(1, 4, 64))",
    ),
    fix: "Make the state with `torch.zeros(num_layers, batch, hidden_size)`, twice as many layers if the layer is bidirectional.",
    libraryMessage: "Expected hidden size (2, 4, 64), got [1, 4, 64]",
  },
  attention: {
    severity: "error",
    title: "The parts of an attention do not fit together",
    explanation:
      "Query and key must have the same size in their last dimension, key and value the same length, and a mask must broadcast to (…, queries, keys). In a multi-head attention `num_heads` must divide `embed_dim`.",
    example: torch("attention = nn.MultiheadAttention(embed_dim=512, num_heads=10)"),
    fix: "Choose a number of heads that divides the width. For input with the batch first, set `batch_first=True`.",
    libraryMessage: "embed_dim must be divisible by num_heads",
  },
  "dim-range": {
    severity: "error",
    title: "There is no such dimension",
    explanation: "A tensor of n dimensions has dimensions 0 to n - 1, or -n to -1 counted from the end.",
    example: torch("scores = torch.randn(32, 10)", "best = scores.max(dim=2)"),
    fix: "Correct the number, or use a negative one, which does not depend on how many dimensions come before.",
    libraryMessage: "Dimension out of range (expected to be in range of [-2, 1], but got 2)",
  },
  "dim-repeated": {
    severity: "error",
    title: "A dimension is named twice",
    explanation: "Each dimension can be reduced or placed only once.",
    example: torch("x = torch.randn(2, 3)", "y = x.permute(0, 0)"),
    fix: "Name every dimension once; remember that -1 is the last one.",
    libraryMessage: "permute(): duplicate dims are not allowed.",
  },
  "permute-rank": {
    severity: "error",
    title: "A permutation names another number of dimensions",
    explanation: "`permute` and `np.transpose` need every dimension exactly once.",
    example: torch("gray = torch.randn(28, 28)", "y = gray.permute(2, 0, 1)"),
    fix: "Name all dimensions, or add the missing one with `unsqueeze` first.",
    libraryMessage:
      "number of dimensions in the tensor input does not match the length of the desired ordering of dimensions",
  },
  "einsum-size": {
    severity: "error",
    title: "A letter of an einsum stands for two sizes",
    explanation: "Wherever a letter appears in the equation it must have the same size.",
    example: torch(
      "a = torch.randn(2, 8, 10, 64)",
      "b = torch.randn(2, 8, 10, 32)",
      'scores = torch.einsum("bhid,bhjd->bhij", a, b)',
    ),
    fix: "Correct the order of the letters, or the operand that has the wrong size.",
    libraryMessage: "subscript d has size 32 for operand 1 which does not broadcast with previously seen size 64",
  },
  "einsum-rank": {
    severity: "error",
    title: "An einsum names another number of dimensions",
    explanation:
      "Each operand needs one letter for each of its dimensions, or an ellipsis for the rest, and the equation needs one part for each operand.",
    example: torch("a = torch.randn(2, 3, 4)", 'y = torch.einsum("ij->ji", a)'),
    fix: "Add the missing letters, or `...` for dimensions that just stay.",
    libraryMessage:
      "the number of subscripts in the equation (2) does not match the number of dimensions (3) for operand 0",
  },
  einops: {
    severity: "error",
    title: "A pattern of einops does not fit",
    explanation:
      "The left side of a pattern names every dimension of the tensor. A group in parentheses is one dimension, of which at most one part may be left open; the others come from keywords and must divide it.",
    example: [
      "import torch",
      "from einops import rearrange",
      "",
      "x = torch.randn(2, 320, 16, 8, 8)",
      'y = rearrange(x, "(b f) c h w -> b c f h w", b=2)',
    ].join("\n"),
    fix: "Name all dimensions, or let `...` stand for those that just stay.",
    libraryMessage: "Wrong shape: expected 4 dims. Received 5-dim tensor.",
  },
  "index-range": {
    severity: "error",
    title: "An index is beyond the end",
    explanation: "A dimension of size n has the indices 0 to n - 1, or -n to -1 counted from the end.",
    example: torch("x = torch.randn(3, 4)", "row = x[3]"),
    fix: "Correct the index. A slice never fails; it only gets shorter.",
    libraryMessage: "index 3 is out of bounds for dimension 0 with size 3",
  },
  "index-rank": {
    severity: "error",
    title: "Too many indices",
    explanation: "Each index and each slice takes one dimension; `None` and `...` take none.",
    example: torch("outputs = torch.randn(32, 96)", "last = outputs[:, -24:, 0:]"),
    fix: "Remove an index, or keep the dimension that was lost before (`keepdim=True`, a slice instead of an integer).",
    libraryMessage: "too many indices for tensor of dimension 2",
  },
  "index-sizes": {
    severity: "error",
    title: "Index tensors do not fit",
    explanation:
      "Several index tensors are broadcast together; a boolean mask must have the sizes of the dimensions that it selects from; `gather` needs an index with as many dimensions as its input, and no larger in any other dimension.",
    example: torch("x = torch.randn(4, 5)", "y = x[torch.arange(4), torch.arange(3)]"),
    fix: "Reshape the indices so that they broadcast, for example `rows[:, None]`.",
    libraryMessage: "shape mismatch: indexing tensors could not be broadcast together with shapes [4], [3]",
  },
  "loss-sizes": {
    severity: "error",
    title: "Prediction and target of a loss do not fit",
    explanation:
      "`cross_entropy` takes (N, C), or (N, C, d1, …), with class numbers of shape (N), or (N, d1, …), or with probabilities of the shape of the input.",
    example: torch(
      "logits = torch.randn(32, 10)",
      "labels = torch.zeros(16, dtype=torch.long)",
      "loss = F.cross_entropy(logits, labels)",
    ),
    fix: "Flatten both in the same way: `logits.view(-1, C)` with `labels.view(-1)`; the classes belong in dimension 1.",
    libraryMessage: "Expected input batch_size (32) to match target batch_size (16).",
  },
  dtype: {
    severity: "error",
    title: "The operation does not take this type of element",
    explanation:
      "Lookups and indices need integers, means need floating-point numbers, and PyTorch's products need one type on both sides.",
    example: torch("embedding = nn.Embedding(100, 16)", "i = torch.rand(4, 10)", "y = embedding(i)"),
    fix: "Convert the operand: `.long()`, `.float()`, `.to(other.dtype)`.",
    libraryMessage: "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int",
  },
  argument: {
    severity: "error",
    title: "An argument has an impossible value",
    explanation:
      "Sizes cannot be negative, groups must divide channels, only one size of a reshape can be -1, and so on. The message says which argument it is.",
    example: torch("conv = nn.Conv2d(10, 16, 3, groups=4)"),
    fix: "Correct the argument that the message names.",
    libraryMessage: "in_channels must be divisible by groups",
  },
  "not-scalar": {
    severity: "error",
    title: "A tensor with several elements is used as a number",
    explanation: "`item()`, `float(x)`, `int(x)` and `if x:` need exactly one element.",
    example: torch("x = torch.randn(3)", "value = x.item()"),
    fix: "Reduce the tensor first (`mean`, `sum`, `any`, `all`), or use `tolist()`.",
    libraryMessage: "a Tensor with 3 elements cannot be converted to Scalar",
  },
  assertion: {
    severity: "error",
    title: "An assertion about sizes fails",
    explanation: "The sizes on both sides are known, and they are not as the assertion says.",
    example: torch("x = torch.randn(2, 10, 64)", "assert x.shape == (2, 64, 10)"),
    fix: "Correct the code that makes the sizes, or the assertion.",
    libraryMessage: null,
  },
  "unpack-count": {
    severity: "error",
    title: "A shape is unpacked into another number of names",
    explanation: "`B, T, C = x.shape` needs a tensor of exactly three dimensions.",
    example: torch("x = torch.randn(32, 768)", "B, T, C = x.shape"),
    fix: "Name as many dimensions as there are, take the last ones (`*_, C = x.shape`), or add the missing one before.",
    libraryMessage: "not enough values to unpack (expected 3, got 2)",
  },
  "declared-shape": {
    severity: "error",
    title: "A call does not fit what is declared of the function",
    explanation:
      "The function was declared in `pyproject.toml`, or by a comment on its stub. Each letter of the declaration is one size throughout; dimensions in front of those that are declared are broadcast.",
    example: torch(
      "def pairs(a, b): ...  # shape: (n,d),(m,d)->(n,m)",
      "",
      "scores = pairs(torch.randn(10, 64), torch.randn(12, 32))",
    ),
    fix: "Correct the arguments, or the declaration.",
    libraryMessage: null,
  },
  declaration: {
    severity: "error",
    title: "A declaration of a function cannot be read",
    explanation:
      "A declaration is the shapes of the operands, an arrow, and the shapes of what comes back. A size is a name, a number, a sum or product of these, or `_`; every name of the result must be the size of an operand.",
    example: torch("def pairs(a, b): ...  # shape: (n,d),(m,d)->(n,k)"),
    fix: "Write it as the message says. [The page on declarations](../declarations.md) has examples.",
    libraryMessage: null,
  },
  "stale-shape-comment": {
    severity: "warning",
    title: "A comment states another shape",
    explanation:
      "The shape in the comment is not the shape that the code computes. Readers trust such comments, so one of the two should change.",
    example: torch("x = torch.randn(2, 3, 4)", "y = x.transpose(1, 2)  # (2, 3, 4)"),
    fix: "Update the comment, or correct the code that it describes.",
    libraryMessage: null,
  },
  "unused-ignore": {
    severity: "hint",
    title: "A suppression suppresses nothing",
    explanation: "The line has a `# shapesight: ignore[…]` comment, and there is nothing to ignore.",
    example: torch("x = torch.randn(2, 3)", "y = x + 1  # shapesight: ignore[broadcast]"),
    fix: "Remove the comment.",
    libraryMessage: null,
  },
} as const satisfies Readonly<Record<string, Rule>>;

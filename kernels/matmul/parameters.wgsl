// What every product shares: its sizes, how its operands are stored, and what is done with a finished sum.
//
//            │ bias │
//   a · b  + │ bias │  →  activation  →  c       one number of the bias for each column, added to all rows
//            │ bias │
//
// Workgroup memory: none.

struct Params {
  // The product of (m, k) and (k, n).
  m: u32,
  n: u32,
  k: u32,
  batches: u32,
  // Numbers from one row to the next, and from one matrix to the next, as stored. All are multiples of four.
  aRow: u32,
  bRow: u32,
  cRow: u32,
  aMatrix: u32,
  bMatrix: u32,
  cMatrix: u32,
  // Numbers of the bias from one column to the next: zero where one number serves all.
  biasStep: u32,
  // Into how many parts the sum over k is cut; one for most kernels.
  parts: u32,
}

// A transposed operand is stored (k, m) or (n, k) instead of (m, k) and (k, n).
override TRANSPOSE_A: bool = false;
override TRANSPOSE_B: bool = false;
override BIASED: bool = false;
override ACTIVATION: u32 = 0;

@group(0) @binding(0) var<uniform> params: Params;
// For each matrix of the result, the matrices of a and b that it multiplies.
@group(0) @binding(1) var<storage, read> pairs: array<vec2u>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;

// The numbers of a row from column 4·column on, finished. The padding of the result must be zero, whatever the operands
// hold.
fn finish(row: u32, column: u32, sums: vec4f) -> vec4f {
  var value = sums;
  if (BIASED) {
    let last = params.n - 1;
    value += vec4f(
      bias[min(4 * column, last) * params.biasStep],
      bias[min(4 * column + 1, last) * params.biasStep],
      bias[min(4 * column + 2, last) * params.biasStep],
      bias[min(4 * column + 3, last) * params.biasStep],
    );
  }
  let inside = 4 * column + vec4u(0, 1, 2, 3) < vec4u(params.n);
  return select(vec4f(), activate(ACTIVATION, value), inside & vec4<bool>(row < params.m));
}

// The same for one number.
fn finishOne(row: u32, column: u32, sum: f32) -> f32 {
  if (row >= params.m || column >= params.n) {
    return 0;
  }
  let added = select(0.0, bias[column * params.biasStep], BIASED);
  return activate(ACTIVATION, vec4f(sum + added)).x;
}

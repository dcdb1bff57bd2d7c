// Softmax: exp(x − max) / Σ exp(x − max) along each row.
//
//   row  ├──64──┼──64──┼──64──┤     one workgroup for each row; thread t takes the vectors t, t + 64, …
//         1. the greatest number of the row: each thread its own, then the workgroup's by halving;
//         2. the sum of the powers, in the same way;
//         3. every power divided by the sum.
//
// A row of nothing but −∞ gives zeros. A NaN or +∞ anywhere in a row makes the whole row NaN; that is told by bits,
// because WGSL lets a compiler assume that neither occurs.
//
// Workgroup memory: 128 numbers and 64 flags, 768 bytes. The row is read three times and written once.

struct Params {
  rows: u32,
  columns: u32,
  // Rows in one matrix, and as stored: numbers from one row to the next and from one matrix to the next.
  matrixRows: u32,
  row: u32,
  matrix: u32,
  nan: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

const lowest = -0x1.fffffep+127f;

// A place of its own for each of the two reductions: what one leaves is read while the next is written.
var<workgroup> partial: array<f32, 128>;
var<workgroup> broken: array<u32, 64>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let row = min(group.x + group.y * groups.x, params.rows - 1);
  let start = (row / params.matrixRows * params.matrix + row % params.matrixRows * params.row) / 4;
  let vectors = params.row / 4;

  var most = lowest;
  var anyBroken = 0u;
  for (var i = local.x; i < vectors; i += 64) {
    let value = x[start + i];
    let inside = 4 * i + vec4u(0, 1, 2, 3) < vec4u(params.columns);
    anyBroken |= select(0u, 1u, any(isBroken(value) & inside));
    let greatest = select(vec4f(lowest), value, inside);
    most = max(most, max(max(greatest.x, greatest.y), max(greatest.z, greatest.w)));
  }
  most = reduceMax(local.x, most);

  var sum = 0.0;
  for (var i = local.x; i < vectors; i += 64) {
    sum += dot(powers(start, i, most), vec4f(1));
  }
  broken[local.x] = anyBroken;
  sum = reduceSum(local.x, sum);

  // The sum is at least 1 unless nothing but −∞ was there.
  let factor = select(1 / sum, 0.0, sum == 0);
  let isNan = broken[0] != 0;
  for (var i = local.x; i < vectors; i += 64) {
    let inside = 4 * i + vec4u(0, 1, 2, 3) < vec4u(params.columns);
    let value = select(powers(start, i, most) * factor, vec4f(bitcast<f32>(params.nan)), isNan);
    y[start + i] = select(vec4f(), value, inside);
  }
}

// The powers of four numbers; zero for −∞ and for the padding.
fn powers(start: u32, i: u32, most: f32) -> vec4f {
  let value = x[start + i];
  let counts = (4 * i + vec4u(0, 1, 2, 3) < vec4u(params.columns)) & (value >= vec4f(lowest));
  return select(vec4f(), exp(value - most), counts);
}

// NaN or +∞: the exponent is all ones, and it is not −∞.
fn isBroken(value: vec4f) -> vec4<bool> {
  let bits = bitcast<vec4u>(value);
  return ((bits & vec4u(0x7f800000u)) == vec4u(0x7f800000u)) & (bits != vec4u(0xff800000u));
}

fn reduceMax(thread: u32, value: f32) -> f32 {
  partial[thread] = value;
  workgroupBarrier();
  for (var half = 32u; half > 0; half /= 2) {
    if (thread < half) {
      partial[thread] = max(partial[thread], partial[thread + half]);
    }
    workgroupBarrier();
  }
  return partial[0];
}

// Adds up the sums and joins the flags.
fn reduceSum(thread: u32, value: f32) -> f32 {
  partial[64 + thread] = value;
  workgroupBarrier();
  for (var half = 32u; half > 0; half /= 2) {
    if (thread < half) {
      partial[64 + thread] += partial[64 + thread + half];
      broken[thread] |= broken[thread + half];
    }
    workgroupBarrier();
  }
  return partial[64];
}

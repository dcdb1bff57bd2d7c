// Matrix-vector: for one row, or up to four, where a product only reads b once and there is little to keep.
//
//           8 · 4 columns          A workgroup of 8 × 8 threads makes 4 rows of 32 columns. Its threads share the
//          ┌─┬─┬─┬─┬─┬─┬─┬─┐       sum over k: thread (x, y) takes the blocks y, y + 8, y + 16, … of column x, so
//   y = 0  │4│ │ │ │ │ │ │ │       that one long sum keeps 8 threads busy.
//          ├─┼─┼─┼─┼─┼─┼─┼─┤
//   y = 1  │4│ │ │ │ │ │ │ │  b    Afterwards the 8 partial sums of each column are added in workgroup memory, by
//          ├─┼─┼─┼─┼─┼─┼─┼─┤       halving.
//     ⋮    │ │ │ │ │ │ │ │ │
//          └─┴─┴─┴─┴─┴─┴─┴─┘       Workgroup memory: 64 blocks of 4 × 4 sums, 4 kB. Registers: 16 sums and 32 numbers.

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
}

// A transposed operand is stored (k, m) or (n, k) instead of (m, k) and (k, n).
override TRANSPOSE_A: bool = false;
override TRANSPOSE_B: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
// For each matrix of the result, the matrices of a and b that it multiplies.
@group(0) @binding(1) var<storage, read> pairs: array<vec2u>;
@group(0) @binding(2) var<storage, read> a: array<vec4f>;
@group(0) @binding(3) var<storage, read> b: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> c: array<vec4f>;

var<workgroup> partial: array<mat4x4f, 64>;

@compute @workgroup_size(8, 8)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  // Rows, columns and k are counted in fours from here on.
  let rows = params.cMatrix / params.cRow / 4;
  let columns = params.cRow / 4;
  let tilesN = (columns + 7) / 8;
  let tile = group.x + group.y * groups.x;
  let batch = min(tile / (rows * tilesN), params.batches - 1);
  let row = tile / tilesN % rows;
  let column = tile % tilesN * 8 + local.x;
  let aStart = pairs[batch].x * params.aMatrix / 4;
  let bStart = pairs[batch].y * params.bMatrix / 4;

  var sum = mat4x4f();
  if (column < columns) {
    for (var k = local.y; k < (params.k + 3) / 4; k += 8) {
      sum = multiplyAdd(sum, loadA(aStart, row, k), loadB(bStart, k, column));
    }
  }
  partial[index] = sum;
  workgroupBarrier();
  for (var half = 4u; half > 0; half /= 2) {
    if (local.y < half) {
      partial[index] += partial[index + 8 * half];
    }
    workgroupBarrier();
  }
  if (local.y == 0 && tile < rows * tilesN * params.batches) {
    store(batch, row, column, partial[index]);
  }
}

// The sum and the products of four rows and four columns over four k. Written out, because software adapters do not
// unroll loops and then keep the blocks in memory.
fn multiplyAdd(sum: mat4x4f, a: mat4x4f, b: mat4x4f) -> mat4x4f {
  return mat4x4f(
    sum[0] + a[0].x * b[0] + a[1].x * b[1] + a[2].x * b[2] + a[3].x * b[3],
    sum[1] + a[0].y * b[0] + a[1].y * b[1] + a[2].y * b[2] + a[3].y * b[3],
    sum[2] + a[0].z * b[0] + a[1].z * b[1] + a[2].z * b[2] + a[3].z * b[3],
    sum[3] + a[0].w * b[0] + a[1].w * b[1] + a[2].w * b[2] + a[3].w * b[3],
  );
}

// The 4 × 4 block of a at rows 4·row… and 4·k…, one vector for each k, each over four rows.
fn loadA(start: u32, row: u32, k: u32) -> mat4x4f {
  let stride = params.aRow / 4;
  if (TRANSPOSE_A) {
    let at = start + 4 * k * stride + row;
    return mat4x4f(a[at], a[at + stride], a[at + 2 * stride], a[at + 3 * stride]);
  }
  let at = start + 4 * row * stride + k;
  return transpose(mat4x4f(a[at], a[at + stride], a[at + 2 * stride], a[at + 3 * stride]));
}

// The 4 × 4 block of b at 4·k… and columns 4·column…, one vector for each k, each over four columns.
fn loadB(start: u32, k: u32, column: u32) -> mat4x4f {
  let stride = params.bRow / 4;
  if (TRANSPOSE_B) {
    let at = start + 4 * column * stride + k;
    return transpose(mat4x4f(b[at], b[at + stride], b[at + 2 * stride], b[at + 3 * stride]));
  }
  let at = start + 4 * k * stride + column;
  return mat4x4f(b[at], b[at + stride], b[at + 2 * stride], b[at + 3 * stride]);
}

// Stores four rows of four numbers, unless they lie outside.
fn store(batch: u32, row: u32, column: u32, block: mat4x4f) {
  if (4 * row * params.cRow >= params.cMatrix || 4 * column >= params.cRow) {
    return;
  }
  let start = (batch * params.cMatrix + 4 * row * params.cRow) / 4 + column;
  let stride = params.cRow / 4;
  c[start] = withZeros(4 * row, column, block[0]);
  c[start + stride] = withZeros(4 * row + 1, column, block[1]);
  c[start + 2 * stride] = withZeros(4 * row + 2, column, block[2]);
  c[start + 3 * stride] = withZeros(4 * row + 3, column, block[3]);
}

// The padding of the result must be zero, whatever the operands hold.
fn withZeros(row: u32, column: u32, value: vec4f) -> vec4f {
  let inside = 4 * column + vec4u(0, 1, 2, 3) < vec4u(params.n);
  return select(vec4f(), value, inside & vec4<bool>(row < params.m));
}

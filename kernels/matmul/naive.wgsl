// Naive: one thread for each number of the result, straight from the definition.
//
//          n →                each thread walks one row of a and one column of b:
//        ┌───┬───┐            k multiply-adds, 2k numbers read from memory.
//   k ↓  │ b │ ╎ │
//        └───┴─╎─┘            Workgroup memory: none. Registers: one sum.
//  ┌───┐ ┌─────╎─┐            Neighbours in a workgroup of 8 × 8 read the same rows and columns again and
//  │ a │ │     ╎ │            again; only the caches save it from reading everything n (or m) times.
//  ├╌╌╌┤ ├╌╌╌╌╌■ │
//  └───┘ └───────┘  m ↓

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
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;
@group(0) @binding(4) var<storage, read_write> c: array<f32>;

@compute @workgroup_size(8, 8)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let tilesM = (params.cMatrix / params.cRow + 7) / 8;
  let tilesN = (params.cRow + 7) / 8;
  let tile = group.x + group.y * groups.x;
  let batch = tile / (tilesM * tilesN);
  let row = tile / tilesN % tilesM * 8 + local.y;
  let column = tile % tilesN * 8 + local.x;
  if (batch >= params.batches || row * params.cRow >= params.cMatrix || column >= params.cRow) {
    return;
  }

  var sum = 0.0;
  // The padding of the result must be zero, whatever the operands hold.
  if (row < params.m && column < params.n) {
    let aStart = pairs[batch].x * params.aMatrix + select(row * params.aRow, row, TRANSPOSE_A);
    let bStart = pairs[batch].y * params.bMatrix + select(column, column * params.bRow, TRANSPOSE_B);
    let aStep = select(1u, params.aRow, TRANSPOSE_A);
    let bStep = select(params.bRow, 1u, TRANSPOSE_B);
    for (var k = 0u; k < params.k; k++) {
      sum += a[aStart + k * aStep] * b[bStart + k * bStep];
    }
  }
  c[batch * params.cMatrix + row * params.cRow + column] = sum;
}

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

@group(0) @binding(3) var<storage, read> a: array<ScalarA>;
@group(0) @binding(4) var<storage, read> b: array<ScalarB>;
@group(0) @binding(5) var<storage, read_write> c: array<ScalarC>;

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
  if (row < params.m && column < params.n) {
    let aStart = pairs[batch].x * params.aMatrix + select(row * params.aRow, row, TRANSPOSE_A);
    let bStart = pairs[batch].y * params.bMatrix + select(column, column * params.bRow, TRANSPOSE_B);
    let aStep = select(1u, params.aRow, TRANSPOSE_A);
    let bStep = select(params.bRow, 1u, TRANSPOSE_B);
    for (var k = 0u; k < params.k; k++) {
      sum += f32(a[aStart + k * aStep]) * f32(b[bStart + k * bStep]);
    }
  }
  c[batch * params.cMatrix + row * params.cRow + column] = ScalarC(finishOne(row, column, sum));
}

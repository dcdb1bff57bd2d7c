// Tiled: a workgroup brings tiles of a and b into its own fast memory, and every thread reads them from there.
//
//              16            for each step of 16 along k:
//            ┌────┐            1. each thread loads one number of a's tile and one of b's;
//            │ b  │ 16         2. wait for all;
//            └────┘            3. each thread adds 16 products to its one sum;
//    ┌────┐  ┌────┐            4. wait for all, before the tiles are overwritten.
//    │ a  │  │ c  │ 16
//    └────┘  └────┘          Every number is read from memory 16 times less often than by the naive kernel.
//      16                    Workgroup memory: 2 tiles of 16 × 16 numbers, 2 kB. Registers: one sum.
//                            A device that allows fewer than 256 threads in a workgroup gets tiles of 8 × 8.

override TILE: u32 = 16;

var<workgroup> aTile: array<f32, TILE * TILE>;
var<workgroup> bTile: array<f32, TILE * TILE>;

@group(0) @binding(3) var<storage, read> a: array<ScalarA>;
@group(0) @binding(4) var<storage, read> b: array<ScalarB>;
@group(0) @binding(5) var<storage, read_write> c: array<ScalarC>;

@compute @workgroup_size(TILE, TILE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let tilesM = (params.cMatrix / params.cRow + TILE - 1) / TILE;
  let tilesN = (params.cRow + TILE - 1) / TILE;
  let tile = group.x + group.y * groups.x;
  let batch = min(tile / (tilesM * tilesN), params.batches - 1);
  let row = tile / tilesN % tilesM * TILE + local.y;
  let column = tile % tilesN * TILE + local.x;
  let aStart = pairs[batch].x * params.aMatrix;
  let bStart = pairs[batch].y * params.bMatrix;

  var sum = 0.0;
  for (var start = 0u; start < params.k; start += TILE) {
    aTile[local.y * TILE + local.x] = loadA(aStart, row, start + local.x);
    bTile[local.y * TILE + local.x] = loadB(bStart, start + local.y, column);
    workgroupBarrier();
    for (var k = 0u; k < TILE; k++) {
      sum += aTile[local.y * TILE + k] * bTile[k * TILE + local.x];
    }
    workgroupBarrier();
  }

  // A thread outside the result may not leave before the barriers, but has nothing to store.
  if (tile < tilesM * tilesN * params.batches && row * params.cRow < params.cMatrix && column < params.cRow) {
    c[batch * params.cMatrix + row * params.cRow + column] = ScalarC(finishOne(row, column, sum));
  }
}

fn loadA(start: u32, row: u32, k: u32) -> f32 {
  if (row >= params.m || k >= params.k) {
    return 0.0;
  }
  return f32(a[start + select(row * params.aRow + k, k * params.aRow + row, TRANSPOSE_A)]);
}

fn loadB(start: u32, k: u32, column: u32) -> f32 {
  if (column >= params.n || k >= params.k) {
    return 0.0;
  }
  return f32(b[start + select(k * params.bRow + column, column * params.bRow + k, TRANSPOSE_B)]);
}

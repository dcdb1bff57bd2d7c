// Register-blocked: tiles in workgroup memory as in the tiled kernel, and an 8 × 8 piece of the result in each
// thread's registers.
//
//                       64
//                 ┌────────────┐    for each step of 16 along k:
//              16 │     b      │      1. each of the 64 threads loads one 4 × 4 block of a and one of b;
//                 └────────────┘      2. wait for all;
//         16      ┌──┬──┬──┬───┐      3. each thread adds 16 · 8 · 8 products: for each k it reads 2 vectors
//        ┌───┐    │▪ │  │▪ │   │         of a and 2 of b from workgroup memory, for 64 multiply-adds;
//     64 │ a │    ├──┼──┼──┼───┤      4. wait for all.
//        │   │    │  │  │  │   │ 64
//        └───┘    │▪ │  │▪ │   │    A thread's four blocks ▪ lie 32 rows and 32 columns apart, so that neighbours
//                 └──┴──┴──┴───┘    read neighbouring vectors, which banked memory serves at once.
//
// Workgroup memory: 2 tiles of 64 × 16 numbers, 8 kB. Registers: 64 sums and 16 numbers.

// Threads along a side of the workgroup; the tile is eight times as long.
override GROUP: u32 = 8;

// For each k of the step, as many vectors over four rows of a, or over four columns of b, as the tile is long.
var<workgroup> aTile: array<vec4f, 16 * 2 * GROUP>;
var<workgroup> bTile: array<vec4f, 16 * 2 * GROUP>;

@compute @workgroup_size(GROUP, GROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  // Rows, columns and k are counted in fours from here on.
  let side = 2 * GROUP;
  let rows = params.cMatrix / params.cRow / 4;
  let columns = params.cRow / 4;
  let depth = (params.k + 3) / 4;
  let tilesM = (rows + side - 1) / side;
  let tilesN = (columns + side - 1) / side;
  let tile = group.x + group.y * groups.x;
  let batch = min(tile / (tilesM * tilesN), params.batches - 1);
  let row = tile / tilesN % tilesM * side;
  let column = tile % tilesN * side;
  let aStart = pairs[batch].x * params.aMatrix / 4;
  let bStart = pairs[batch].y * params.bMatrix / 4;
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  for (var start = 0u; start < depth; start += 4) {
    fill(aStart, bStart, row, column, start, index);
    workgroupBarrier();
    for (var k = 0u; k < 16; k++) {
      let a0 = aTile[side * k + local.y];
      let a1 = aTile[side * k + local.y + GROUP];
      let b0 = bTile[side * k + local.x];
      let b1 = bTile[side * k + local.x + GROUP];
      c00 = multiplyAddOne(c00, a0, b0);
      c01 = multiplyAddOne(c01, a0, b1);
      c10 = multiplyAddOne(c10, a1, b0);
      c11 = multiplyAddOne(c11, a1, b1);
    }
    workgroupBarrier();
  }

  if (tile >= tilesM * tilesN * params.batches) {
    return;
  }
  store(batch, row + local.y, column + local.x, c00);
  store(batch, row + local.y, column + local.x + GROUP, c01);
  store(batch, row + local.y + GROUP, column + local.x, c10);
  store(batch, row + local.y + GROUP, column + local.x + GROUP, c11);
}

// The workgroup's tiles of a and b from 4·start on. Neighbouring threads read neighbouring numbers: along k where a row
// holds k, else along the tile.
fn fill(aStart: u32, bStart: u32, row: u32, column: u32, start: u32, index: u32) {
  let side = 2 * GROUP;
  let lastRow = params.cMatrix / params.cRow / 4 - 1;
  let lastColumn = params.cRow / 4 - 1;
  let depth = (params.k + 3) / 4;
  // Of 16 × 16 threads, one half fetches a and the other b.
  let aBlocks = index;
  let bBlocks = select(index, (index + GROUP * GROUP / 2) % (GROUP * GROUP), GROUP > 8);
  if (aBlocks < 4 * side) {
    let along = select(aBlocks / 4, aBlocks % side, TRANSPOSE_A);
    let deep = select(aBlocks % 4, aBlocks / side, TRANSPOSE_A);
    var block = mat4x4f();
    if (start + deep < depth) {
      block = loadA(aStart, min(row + along, lastRow), start + deep);
    }
    for (var i = 0u; i < 4; i++) {
      aTile[side * (4 * deep + i) + along] = block[i];
    }
  }
  if (bBlocks < 4 * side) {
    let along = select(bBlocks % side, bBlocks / 4, TRANSPOSE_B);
    let deep = select(bBlocks / side, bBlocks % 4, TRANSPOSE_B);
    var block = mat4x4f();
    if (start + deep < depth) {
      block = loadB(bStart, start + deep, min(column + along, lastColumn));
    }
    for (var i = 0u; i < 4; i++) {
      bTile[side * (4 * deep + i) + along] = block[i];
    }
  }
}

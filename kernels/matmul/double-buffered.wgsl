// Double-buffered: register-blocked, with two sets of tiles, so that the next one is fetched while this one is used.
//
//            step 0      step 1      step 2
//   set 0    ▪ use 0     fetch 2     ▪ use 2          there is one wait for all a step instead of two, and the numbers
//   set 1    fetch 1     ▪ use 1     fetch 3     →    on their way from memory are waited for during the multiply-adds
//            ───────│───────────│───────────│
//                  wait        wait        wait
//
// Workgroup memory: 2 sets of 2 tiles of 64 × 16 numbers, 16 kB. Registers: 64 sums and 16 numbers.

// For each k of two steps, 16 vectors over four rows of a, or over four columns of b.
var<workgroup> aTiles: array<vec4f, 512>;
var<workgroup> bTiles: array<vec4f, 512>;

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
  let depth = (params.k + 3) / 4;
  let tilesM = (rows + 15) / 16;
  let tilesN = (columns + 15) / 16;
  let tile = group.x + group.y * groups.x;
  let batch = min(tile / (tilesM * tilesN), params.batches - 1);
  let row = tile / tilesN % tilesM * 16;
  let column = tile % tilesN * 16;
  let aStart = pairs[batch].x * params.aMatrix / 4;
  let bStart = pairs[batch].y * params.bMatrix / 4;

  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  fill(0, aStart, bStart, row, column, 0, index);
  workgroupBarrier();
  for (var start = 0u; start < depth; start += 4) {
    let used = start / 4 % 2 * 256;
    if (start + 4 < depth) {
      fill(256 - used, aStart, bStart, row, column, start + 4, index);
    }
    for (var k = 0u; k < 16; k++) {
      let a0 = aTiles[used + 16 * k + local.y];
      let a1 = aTiles[used + 16 * k + local.y + 8];
      let b0 = bTiles[used + 16 * k + local.x];
      let b1 = bTiles[used + 16 * k + local.x + 8];
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
  store(batch, row + local.y, column + local.x + 8, c01);
  store(batch, row + local.y + 8, column + local.x, c10);
  store(batch, row + local.y + 8, column + local.x + 8, c11);
}

// One set of tiles from 4·start on: each thread brings one block of a and one of b. Neighbouring threads read
// neighbouring numbers: along k where a row holds k, else along the tile.
fn fill(place: u32, aStart: u32, bStart: u32, row: u32, column: u32, start: u32, index: u32) {
  let depth = (params.k + 3) / 4;
  let rowOfA = select(index / 4, index % 16, TRANSPOSE_A);
  let kOfA = select(index % 4, index / 16, TRANSPOSE_A);
  let columnOfB = select(index % 16, index / 4, TRANSPOSE_B);
  let kOfB = select(index / 16, index % 4, TRANSPOSE_B);
  var aBlock = mat4x4f();
  var bBlock = mat4x4f();
  if (start + kOfA < depth) {
    aBlock = loadA(aStart, min(row + rowOfA, params.cMatrix / params.cRow / 4 - 1), start + kOfA);
  }
  if (start + kOfB < depth) {
    bBlock = loadB(bStart, start + kOfB, min(column + columnOfB, params.cRow / 4 - 1));
  }
  for (var i = 0u; i < 4; i++) {
    aTiles[place + 16 * (4 * kOfA + i) + rowOfA] = aBlock[i];
    bTiles[place + 16 * (4 * kOfB + i) + columnOfB] = bBlock[i];
  }
}

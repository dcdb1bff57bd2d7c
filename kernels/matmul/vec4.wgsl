// Vectors: each thread keeps an 8 × 8 piece of the result in registers and reads memory four numbers at a time.
//
//                   4   4         for each step of 4 along k, a thread
//                 ┌───┬───┐         reads two 4 × 4 blocks of a and two of b: 16 loads of a vector,
//            4 k  │   │   │ b       and does 4 · 8 · 8 = 256 multiply-adds: 4 for each number read.
//      4 k        └───┴───┘
//     ┌───┐       ┌───┬───┐       A workgroup of 8 × 8 threads makes a tile of 64 × 64.
//   4 │   │       │ c │ c │       Workgroup memory: none, so nobody waits at a barrier; the caches serve the
//     ├───┤       ├───┼───┤       threads of a row and of a column, which read the same blocks.
//   4 │ a │       │ c │ c │       Registers: 64 sums, and 64 numbers of the four blocks.
//     └───┘       └───┴───┘

// Threads of a workgroup along n and along m, and whether each makes two blocks of four along either.
override GROUP_N: u32 = 8;
override GROUP_M: u32 = 8;
override WIDE: bool = true;
override TALL: bool = true;

@compute @workgroup_size(GROUP_N, GROUP_M)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  // Rows and columns are counted in fours from here on.
  let rows = params.cMatrix / params.cRow / 4;
  let columns = params.cRow / 4;
  let high = select(1u, 2u, TALL);
  let wide = select(1u, 2u, WIDE);
  let tilesM = (rows + high * GROUP_M - 1) / (high * GROUP_M);
  let tilesN = (columns + wide * GROUP_N - 1) / (wide * GROUP_N);
  let tile = group.x + group.y * groups.x;
  let batch = tile / (tilesM * tilesN);
  let row = high * (tile / tilesN % tilesM * GROUP_M + local.y);
  let column = wide * (tile % tilesN * GROUP_N + local.x);
  if (batch >= params.batches || row >= rows || column >= columns) {
    return;
  }
  // At the edge the second block may be outside; it reads the first again and is not stored.
  let row1 = min(row + 1, rows - 1);
  let column1 = min(column + 1, columns - 1);
  let aStart = pairs[batch].x * params.aMatrix / 4;
  let bStart = pairs[batch].y * params.bMatrix / 4;

  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  for (var k = 0u; k < (params.k + 3) / 4; k++) {
    let a0 = loadA(aStart, row, k);
    let b0 = loadB(bStart, k, column);
    c00 = multiplyAdd(c00, a0, b0);
    var b1 = mat4x4f();
    if (WIDE) {
      b1 = loadB(bStart, k, column1);
      c01 = multiplyAdd(c01, a0, b1);
    }
    if (TALL) {
      let a1 = loadA(aStart, row1, k);
      c10 = multiplyAdd(c10, a1, b0);
      if (WIDE) {
        c11 = multiplyAdd(c11, a1, b1);
      }
    }
  }
  store(batch, row, column, c00);
  if (WIDE) {
    store(batch, row, column + 1, c01);
  }
  if (TALL) {
    store(batch, row + 1, column, c10);
    if (WIDE) {
      store(batch, row + 1, column + 1, c11);
    }
  }
}

// Split-K: for a small result of long sums. The sum over k is cut into parts, each made by threads of its own, and a
// second kernel adds up the parts.
//
//            part 0   part 1   part 2           a result of 32 × 32 is one tile, too little to keep a device busy;
//          ┌────────┬────────┬────────┐         cut into 16 parts it is 16 tiles, and as many small results that are
//   32   a │        │        │        │         stored and added afterwards.
//          └────────┴────────┴────────┘
//               │        │        │             The parts are always the same and added in order, so that the same
//               ▼        ▼        ▼             product gives the same bits again.
//             ┌───┐  + ┌───┐  + ┌───┐
//             │ c │    │ c │    │ c │
//             └───┘    └───┘    └───┘
//
// A thread makes 4 × 4 numbers, a workgroup of 8 × 8 threads a tile of 32 × 32.
// Workgroup memory: none. Registers: 16 sums and 32 numbers.

@compute @workgroup_size(8, 8)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  // Rows, columns and k are counted in fours from here on.
  let rows = params.cMatrix / params.cRow / 4;
  let columns = params.cRow / 4;
  let tilesM = (rows + 7) / 8;
  let tilesN = (columns + 7) / 8;
  let tile = group.x + group.y * groups.x;
  let part = tile % params.parts;
  let batch = tile / params.parts / (tilesM * tilesN);
  let row = tile / params.parts / tilesN % tilesM * 8 + local.y;
  let column = tile / params.parts % tilesN * 8 + local.x;
  if (batch >= params.batches || row >= rows || column >= columns) {
    return;
  }
  let aStart = pairs[batch].x * params.aMatrix / 4;
  let bStart = pairs[batch].y * params.bMatrix / 4;
  let length = ((params.k + 3) / 4 + params.parts - 1) / params.parts;
  let end = min((part + 1) * length, (params.k + 3) / 4);

  var sum = mat4x4f();
  for (var k = part * length; k < end; k++) {
    sum = multiplyAdd(sum, loadA(aStart, row, k), loadB(bStart, k, column));
  }
  store(batch * params.parts + part, row, column, sum);
}

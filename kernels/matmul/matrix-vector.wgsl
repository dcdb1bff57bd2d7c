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

// The product has one row: three of four sums are left out.
override SINGLE: bool = false;

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
      let block = loadB(bStart, k, column);
      if (SINGLE) {
        let x = rowOfA(aStart, k);
        sum[0] += x.x * block[0] + x.y * block[1] + x.z * block[2] + x.w * block[3];
      } else {
        sum = multiplyAdd(sum, loadA(aStart, row, k), block);
      }
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

// The numbers of the first row at 4·k…
fn rowOfA(start: u32, k: u32) -> vec4f {
  let stride = params.aRow / 4;
  if (TRANSPOSE_A) {
    let at = start + 4 * k * stride;
    return vec4f(fourA(a[at]).x, fourA(a[at + stride]).x, fourA(a[at + 2 * stride]).x, fourA(a[at + 3 * stride]).x);
  }
  return fourA(a[start + k]);
}

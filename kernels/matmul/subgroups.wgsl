// Subgroups: the threads of a subgroup hand each other the numbers of a, from register to register.
//
//        lane     0   1   2   3            for each step along k, as long as the subgroup is:
//               ┌───┬───┬───┬───┐            1. lane l fetches a[row][k + l] for 8 rows: neighbours, neighbours;
//   8 rows of a │ ▪ │   │   │   │            2. for each lane in turn, all lanes get its 8 numbers by a shuffle and
//               └─│─┴───┴───┴───┘               multiply them with their own 4 columns of b.
//                 └─▶─┴─▶─┴─▶─┘
//
// A thread makes 8 rows of 4 columns, a workgroup of 128 threads 8 rows of 512 columns. Which threads form a subgroup,
// and how many (4 to 128), does not matter for that: all threads of a workgroup need the same numbers of a.
//
// Workgroup memory: none. Registers: 32 sums and 16 numbers.

enable subgroups;

@compute @workgroup_size(128)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) index: u32,
  @builtin(subgroup_invocation_id) lane: u32,
  @builtin(subgroup_size) size: u32,
) {
  // Columns are counted in fours from here on, rows in eights.
  let rows = (params.cMatrix / params.cRow + 7) / 8;
  let columns = params.cRow / 4;
  let tilesN = (columns + 127) / 128;
  let tile = group.x + group.y * groups.x;
  let batch = min(tile / (rows * tilesN), params.batches - 1);
  let row = tile / tilesN % rows * 8;
  let column = tile % tilesN * 128 + index;
  let aStart = pairs[batch].x * params.aMatrix;
  let bStart = pairs[batch].y * params.bMatrix / 4;
  // A thread outside the result works on the last column, since all lanes are needed; it stores nothing.
  let readColumn = min(column, columns - 1);

  var upper = mat4x4f();
  var lower = mat4x4f();
  for (var start = 0u; start < params.k; start += size) {
    let upperRows = rowsOfA(aStart, row, start + lane);
    let lowerRows = rowsOfA(aStart, row + 4, start + lane);
    for (var i = 0u; i < min(size, params.k - start); i++) {
      let b = vectorOfB(bStart, start + i, readColumn);
      upper = multiplyAddOne(upper, subgroupShuffle(upperRows, i), b);
      lower = multiplyAddOne(lower, subgroupShuffle(lowerRows, i), b);
    }
  }
  if (tile < rows * tilesN * params.batches && column < columns) {
    store(batch, row / 4, column, upper);
    store(batch, row / 4 + 1, column, lower);
  }
}

// The numbers of four rows of a at one k.
fn rowsOfA(start: u32, row: u32, k: u32) -> vec4f {
  if (k >= params.k || row * params.cRow >= params.cMatrix) {
    return vec4f();
  }
  if (TRANSPOSE_A) {
    return fourA(a[(start + k * params.aRow + row) / 4]);
  }
  let at = (start + row * params.aRow + k) / 4;
  let stride = params.aRow / 4;
  let i = k % 4;
  return vec4f(
    fourA(a[at])[i],
    fourA(a[at + stride])[i],
    fourA(a[at + 2 * stride])[i],
    fourA(a[at + 3 * stride])[i],
  );
}

// The numbers of four columns of b at one k.
fn vectorOfB(start: u32, k: u32, column: u32) -> vec4f {
  let stride = params.bRow / 4;
  if (TRANSPOSE_B) {
    let at = start + 4 * column * stride + k / 4;
    let i = k % 4;
    return vec4f(
      fourB(b[at])[i],
      fourB(b[at + stride])[i],
      fourB(b[at + 2 * stride])[i],
      fourB(b[at + 3 * stride])[i],
    );
  }
  return fourB(b[start + k * stride + column]);
}

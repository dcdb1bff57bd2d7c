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

// For each k of the step, 16 vectors over four rows of a, or over four columns of b.
var<workgroup> aTile: array<array<vec4f, 16>, 16>;
var<workgroup> bTile: array<array<vec4f, 16>, 16>;

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
  // The block that this thread loads: one of 16 along the tile, one of 4 along k.
  let along = index % 16;
  let deep = index / 16;

  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  for (var start = 0u; start < depth; start += 4) {
    var aBlock = mat4x4f();
    var bBlock = mat4x4f();
    if (start + deep < depth) {
      aBlock = loadA(aStart, min(row + along, rows - 1), start + deep);
      bBlock = loadB(bStart, start + deep, min(column + along, columns - 1));
    }
    for (var i = 0u; i < 4; i++) {
      aTile[4 * deep + i][along] = aBlock[i];
      bTile[4 * deep + i][along] = bBlock[i];
    }
    workgroupBarrier();
    for (var k = 0u; k < 16; k++) {
      let a0 = aTile[k][local.y];
      let a1 = aTile[k][local.y + 8];
      let b0 = bTile[k][local.x];
      let b1 = bTile[k][local.x + 8];
      c00 = multiplyAdd(c00, a0, b0);
      c01 = multiplyAdd(c01, a0, b1);
      c10 = multiplyAdd(c10, a1, b0);
      c11 = multiplyAdd(c11, a1, b1);
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

// The sum and the products of four rows and four columns.
fn multiplyAdd(sum: mat4x4f, a: vec4f, b: vec4f) -> mat4x4f {
  return mat4x4f(sum[0] + a.x * b, sum[1] + a.y * b, sum[2] + a.z * b, sum[3] + a.w * b);
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

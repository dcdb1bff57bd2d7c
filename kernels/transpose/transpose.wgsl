// Transpose: rows become columns, through a tile of workgroup memory.
//
//        16 columns                  16 rows
//      ┌────────────┐            ┌────────────┐     a workgroup reads a tile row by row and writes it column by column:
//   16 │ → → → → →  │   tile     │ → → → → →  │     both ways neighbouring threads touch neighbouring numbers, where a
//      │ → → → → →  │  ──────▶   │ → → → → →  │     plain copy would jump by a whole row for each number it writes.
//      └────────────┘            └────────────┘
//
// A row of the tile is one number longer than 16, so that a column of it does not lie in one bank of the memory.
// Workgroup memory: 16 × 17 numbers, 1 kB. A workgroup of 64 threads moves four rows at a time.

struct Params {
  rows: u32,
  columns: u32,
  matrices: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

var<workgroup> tile: array<f32, 272>;

@compute @workgroup_size(16, 4)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let tilesM = (params.rows + 15) / 16;
  let tilesN = (params.columns + 15) / 16;
  let index = group.x + group.y * groups.x;
  let matrix = index / (tilesM * tilesN);
  let start = matrix * params.rows * params.columns;
  let row = index / tilesN % tilesM * 16;
  let column = index % tilesN * 16;
  let real = matrix < params.matrices;
  for (var i = local.y; i < 16; i += 4) {
    if (real && row + i < params.rows && column + local.x < params.columns) {
      tile[17 * i + local.x] = x[start + (row + i) * params.columns + column + local.x];
    }
  }
  workgroupBarrier();
  for (var i = local.y; i < 16; i += 4) {
    if (real && column + i < params.columns && row + local.x < params.rows) {
      y[start + (column + i) * params.rows + row + local.x] = tile[17 * local.x + i];
    }
  }
}

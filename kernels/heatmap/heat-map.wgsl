// Heat map: a matrix in a GPU buffer becomes a picture without leaving the GPU.
//
//      buffer                       target
//    ┌─────────────┐              ┌──────────────┐     one triangle covers the target; for each pixel, the cell of the
//    │  ┌───────┐  │  fragment    │ ▓▓ ░░ ██ ▒▒  │     visible region that its middle lies in is read and looked up
//    │  │region │  │ ──────────▶  │ ░░ ██ ▒▒ ▓▓  │     among the colours, which are spread evenly from low to high.
//    │  └───────┘  │              └──────────────┘
//    └─────────────┘
//
// Workgroup memory: none. One number and one colour are read for each pixel.

struct Params {
  // Pixels of the target.
  width: f32,
  height: f32,
  // The part of the matrix that fills it, in cells.
  firstRow: f32,
  firstColumn: f32,
  visibleRows: f32,
  visibleColumns: f32,
  low: f32,
  high: f32,
  // Where the matrix lies: its first number, and how far apart its rows and columns are.
  start: u32,
  rowStride: u32,
  columnStride: u32,
  rows: u32,
  columns: u32,
  colours: u32,
  // Eight bits each of red, green, blue and opacity, from the lowest on.
  notFinite: u32,
  // Pixels left free at the end of a cell.
  gap: f32,
}

// Numbers are stored as float16, two in a word.
override HALF: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> numbers: array<u32>;
@group(0) @binding(2) var<storage, read> colours: array<u32>;

@vertex
fn corner(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  return vec4f(f32(index & 1u) * 4 - 1, f32(index >> 1u) * 4 - 1, 0, 1);
}

@fragment
fn pixel(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let cell = cellAt(position.xy);
  let next = cellAt(position.xy + params.gap);
  let size = vec2f(f32(params.columns), f32(params.rows));
  let outside = any(cell < vec2f()) || any(cell >= size);
  // Between cells, and beyond the matrix, nothing is drawn.
  if (outside || any(next != cell)) {
    return vec4f();
  }
  let bits = bitsAt(params.start + u32(cell.y) * params.rowStride + u32(cell.x) * params.columnStride);
  if ((bits & 0x7f800000u) == 0x7f800000u) {
    return premultiplied(params.notFinite);
  }
  let share = (bitcast<f32>(bits) - params.low) / (params.high - params.low);
  let step = clamp(round(share * f32(params.colours - 1)), 0, f32(params.colours - 1));
  return premultiplied(colours[u32(step)]);
}

fn cellAt(position: vec2f) -> vec2f {
  let share = position / vec2f(params.width, params.height);
  return floor(vec2f(params.firstColumn, params.firstRow) + share * vec2f(params.visibleColumns, params.visibleRows));
}

// The bits of a number as a float32.
fn bitsAt(index: u32) -> u32 {
  if (!HALF) {
    return numbers[index];
  }
  let half = (numbers[index / 2] >> (16 * (index % 2))) & 0xffffu;
  let special = ((half & 0x8000u) << 16) | 0x7f800000u | ((half & 0x3ffu) << 13);
  return select(bitcast<u32>(unpack2x16float(half).x), special, (half & 0x7c00u) == 0x7c00u);
}

fn premultiplied(packed: u32) -> vec4f {
  let colour = unpack4x8unorm(packed);
  return vec4f(colour.rgb * colour.a, colour.a);
}

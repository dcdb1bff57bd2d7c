// Reduce: the sum, mean, greatest or least number along some axes.
//
//         reduced axes →
//       ┌──64──┬──64──┬──64──┐     one workgroup for each number of the result: thread t takes the numbers t, t + 64, …
//  kept │ ▪    │ ▪    │ ▪    │     and then the 64 results are joined by halving. Long rows are cut into parts, one
//    ↓  └──────┴──────┴──────┘     workgroup each, whose results are reduced once more.
//
// Workgroup memory: 64 numbers, 256 bytes. Every number is read once.

struct Params {
  // Numbers of the result, parts that each is cut into, and numbers that are reduced to one.
  count: u32,
  parts: u32,
  length: u32,
  keptRank: u32,
  reducedRank: u32,
  // What a sum is multiplied by at the end: 1 / length for a mean.
  scale: f32,
  nan: u32,
  // The bits of +∞ or −∞, where no number has been seen yet.
  start: u32,
}

// 0 sum, 1 greatest, 2 least.
override OPERATION: u32 = 0;

@group(0) @binding(0) var<uniform> params: Params;
// For each kept axis and then for each reduced one, from the last on: its length and its stride.
@group(0) @binding(1) var<storage, read> axes: array<vec2u>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let index = group.x + group.y * groups.x;
  let base = placeOf(index / params.parts, 0, params.keptRank);
  let share = (params.length + params.parts - 1) / params.parts;
  let first = index % params.parts * share;
  let end = min(first + share, params.length);

  var value = bitcast<f32>(params.start);
  for (var i = first + local.x; i < end; i += 64) {
    value = join(value, x[base + placeOf(i, params.keptRank, params.reducedRank)]);
  }
  partial[local.x] = value;
  workgroupBarrier();
  for (var half = 32u; half > 0; half /= 2) {
    if (local.x < half) {
      partial[local.x] = join(partial[local.x], partial[local.x + half]);
    }
    workgroupBarrier();
  }
  if (local.x == 0 && index < params.count * params.parts) {
    y[index] = partial[0] * params.scale;
  }
}

fn placeOf(index: u32, firstAxis: u32, rank: u32) -> u32 {
  var rest = index;
  var place = 0u;
  for (var i = firstAxis; i < firstAxis + rank; i++) {
    place += rest % axes[i].x * axes[i].y;
    rest /= axes[i].x;
  }
  return place;
}

// NaN is told by bits: max and min may lose it.
fn join(x: f32, y: f32) -> f32 {
  if (OPERATION == 0) {
    return x + y;
  }
  let bits = bitcast<vec2u>(vec2f(x, y)) & vec2u(0x7fffffffu);
  let value = select(min(x, y), max(x, y), OPERATION == 1);
  return select(value, bitcast<f32>(params.nan), any(bits > vec2u(0x7f800000u)));
}

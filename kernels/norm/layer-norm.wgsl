// Layer norm: (x − mean) / √(variance + ε) · weight + bias along each row.
//
//   row  ├──64──┼──64──┼──64──┤     one workgroup for each row; thread t takes the numbers t, t + 64, …
//         1. the greatest magnitude: each thread its own, then the workgroup's by halving;
//         2. the sum, and so the mean, in the same way;
//         3. the sum of the squared distances from the mean: exact where the numbers are large and close to each other,
//            where a sum of squares would cancel;
//         4. every number shifted and scaled.
//
// An RMS norm takes zero for the mean. Workgroup memory: 192 numbers, 768 bytes. The row is read four times.

struct Params {
  rows: u32,
  columns: u32,
  epsilon: f32,
}

override CENTRED: bool = true;
override WEIGHTED: bool = false;
override BIASED: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

// A place of its own for each of the three reductions: what one leaves is read while the next is written.
var<workgroup> partial: array<f32, 192>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let row = min(group.x + group.y * groups.x, params.rows - 1);
  let start = row * params.columns;
  let count = f32(params.columns);

  // The row is measured in its own unit, a power of two, so that squares neither overflow nor vanish.
  var most = 0.0;
  for (var i = local.x; i < params.columns; i += 64) {
    most = max(most, abs(x[start + i]));
  }
  let unit = unitOf(greatest(local.x, most));

  var sum = 0.0;
  for (var i = local.x; i < params.columns; i += 64) {
    sum += x[start + i] * unit;
  }
  let mean = select(0.0, total(64, local.x, sum) / count, CENTRED);
  var squares = 0.0;
  for (var i = local.x; i < params.columns; i += 64) {
    let distance = x[start + i] * unit - mean;
    squares += distance * distance;
  }
  let scale = inverseRoot(total(128, local.x, squares) / count + params.epsilon * unit * unit);
  for (var i = local.x; i < params.columns; i += 64) {
    var value = (x[start + i] * unit - mean) * scale;
    if (WEIGHTED) {
      value *= weight[i];
    }
    if (BIASED) {
      value += bias[i];
    }
    y[start + i] = value;
  }
}

// One over the greatest power of two in a number; one for zero.
fn unitOf(value: f32) -> f32 {
  let bits = clamp(bitcast<u32>(value) & 0x7f800000u, 0x10000000u, 0x7e000000u);
  return select(1 / bitcast<f32>(bits), 1.0, value == 0);
}

// Some devices give few digits; two steps of Newton's method make them all.
fn inverseRoot(value: f32) -> f32 {
  var root = 1 / sqrt(value);
  if (value > 0 && value < 1e38) {
    root *= 1.5 - 0.5 * value * root * root;
    root *= 1.5 - 0.5 * value * root * root;
  }
  return root;
}

fn greatest(thread: u32, value: f32) -> f32 {
  partial[thread] = value;
  workgroupBarrier();
  for (var half = 32u; half > 0; half /= 2) {
    if (thread < half) {
      partial[thread] = max(partial[thread], partial[thread + half]);
    }
    workgroupBarrier();
  }
  return partial[0];
}

fn total(first: u32, thread: u32, value: f32) -> f32 {
  partial[first + thread] = value;
  workgroupBarrier();
  for (var half = 32u; half > 0; half /= 2) {
    if (thread < half) {
      partial[first + thread] += partial[first + thread + half];
    }
    workgroupBarrier();
  }
  return partial[first];
}

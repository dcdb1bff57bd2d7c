// Elementwise: one operation on each number of a, or on each pair of a and b, whose axes broadcast.
//
//     a │ 1 2 3 │   b │ 10 │        one thread for each number of the result. Its place is taken apart into one place
//       │ 4 5 6 │     │ 20 │        along each axis, from the last on, and put together again with the strides of a
//                                   and of b; an axis that is broadcast has a stride of zero. Other strides make the
//   a+b │ 11 12 13 │                same kernel copy a tensor with its axes in another order.
//       │ 24 25 26 │
//
// Workgroup memory: none. Every number is read once and written once.

struct Params {
  count: u32,
  rank: u32,
  // The bits of NaN, which WGSL has no way to write.
  nan: u32,
}

// One of `operations` in plan.ts.
override OPERATION: u32 = 0;

@group(0) @binding(0) var<uniform> params: Params;
// For each axis, from the last on: its length, and the strides of a and b along it.
@group(0) @binding(1) var<storage, read> axes: array<vec4u>;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;
@group(0) @binding(4) var<storage, read_write> c: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let index = (group.x + group.y * groups.x) * 64 + local.x;
  if (index >= params.count) {
    return;
  }
  var rest = index;
  var places = vec2u();
  for (var axis = 0u; axis < params.rank; axis++) {
    let here = axes[axis];
    places += rest % here.x * here.yz;
    rest /= here.x;
  }
  c[index] = operate(a[places.x], b[places.y]);
}

fn operate(x: f32, y: f32) -> f32 {
  switch (OPERATION) {
    case 7: {
      return -x;
    }
    case 8: {
      return abs(x);
    }
    case 9: {
      return exp(x);
    }
    case 10: {
      return log(x);
    }
    case 11: {
      return sqrt(x);
    }
    case 12: {
      return sin(x);
    }
    case 13: {
      return cos(x);
    }
    case 14: {
      return x + y;
    }
    case 15: {
      return x - y;
    }
    case 16: {
      return x * y;
    }
    case 17: {
      return x / y;
    }
    case 18: {
      return orNan(max(x, y), x, y);
    }
    case 19: {
      return orNan(min(x, y), x, y);
    }
    default: {
      return activate(OPERATION, vec4f(x)).x;
    }
  }
}

// The greater of a number and NaN is NaN, which is told by bits: max and min may lose it.
fn orNan(value: f32, x: f32, y: f32) -> f32 {
  let bits = bitcast<vec2u>(vec2f(x, y)) & vec2u(0x7fffffffu);
  return select(value, bitcast<f32>(params.nan), any(bits > vec2u(0x7f800000u)));
}

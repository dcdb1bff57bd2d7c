// Peak of multiply-adds: how many of them this device does in a second when nothing else is in the way.
//
//    thread   x0 │ x1 │ x2 │ x3 │ x4 │ x5 │ x6 │ x7      eight sums of four numbers, none of which waits for another
//             ▼    ▼    ▼    ▼    ▼    ▼    ▼    ▼       x = x · a + b, 64 times
//
// Workgroup memory: none. Registers: 32 sums. One vector is written by each thread, so that the work is not left out.

override FUSED: bool = false;

@group(0) @binding(0) var<uniform> seed: vec4f;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let index = (group.x + group.y * groups.x) * 64 + local.x;
  let a = seed;
  let b = seed * f32(index);
  var x0 = b;
  var x1 = b + 1;
  var x2 = b + 2;
  var x3 = b + 3;
  var x4 = b + 4;
  var x5 = b + 5;
  var x6 = b + 6;
  var x7 = b + 7;
  for (var i = 0u; i < 64; i++) {
    x0 = multiplyAdd(x0, a, b);
    x1 = multiplyAdd(x1, a, b);
    x2 = multiplyAdd(x2, a, b);
    x3 = multiplyAdd(x3, a, b);
    x4 = multiplyAdd(x4, a, b);
    x5 = multiplyAdd(x5, a, b);
    x6 = multiplyAdd(x6, a, b);
    x7 = multiplyAdd(x7, a, b);
  }
  y[index] = x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7;
}

// Devices differ in which way of writing it they do in one step.
fn multiplyAdd(x: vec4f, a: vec4f, b: vec4f) -> vec4f {
  if (FUSED) {
    return fma(x, a, b);
  }
  return x * a + b;
}

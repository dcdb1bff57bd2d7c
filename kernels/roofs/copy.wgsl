// Bandwidth: how many bytes this device reads and writes in a second, by copying more than its caches hold.
//
//   x │ 4 │ 4 │ 4 │ 4 │ …          one thread for each four numbers, neighbours next to each other
//       ▼   ▼   ▼   ▼
//   y │ 4 │ 4 │ 4 │ 4 │ …
//
// Workgroup memory: none. Sixteen bytes are read and sixteen written by each thread.

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let index = (group.x + group.y * groups.x) * 64 + local.x;
  if (index < arrayLength(&x)) {
    y[index] = x[index];
  }
}

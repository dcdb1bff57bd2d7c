// Sum of parts: what split-K leaves, added up in order and finished with bias and activation.
//
//   part 0 │▪   │ + part 1 │▪   │ + part 2 │▪   │  →  c │▪   │     one thread for each four numbers of the result
//
// Workgroup memory: none. As many bytes are read as the parts have.

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let index = (group.x + group.y * groups.x) * 64 + local.x;
  let vectors = params.cMatrix / 4;
  let batch = index / vectors;
  if (batch >= params.batches) {
    return;
  }
  let place = index % vectors;
  var sum = vec4f();
  for (var part = 0u; part < params.parts; part++) {
    sum += fourA(a[(batch * params.parts + part) * vectors + place]);
  }
  let columns = params.cRow / 4;
  c[index] = storedC(finish(place / columns, place % columns, sum));
}

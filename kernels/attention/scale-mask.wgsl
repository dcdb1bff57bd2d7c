// Scale and mask: masked = cap(scores · scale) + mask, and −∞ where a query may not see a key.
//
//             keys →
//           ┌───────────┐        causal:   ■ − − −     query i sees the keys j ≤ i
//  queries  │ 4 numbers │                  ■ ■ − −
//     ↓     │ a thread  │                  ■ ■ ■ −
//           └───────────┘        window:   as wide a band on both sides of the diagonal
//
// One thread for four scores. Workgroup memory: none. As many bytes as the scores have are read and written.

struct Params {
  queries: u32,
  keys: u32,
  matrices: u32,
  // Numbers from one row to the next, and from one matrix to the next. A mask that is broadcast steps by zero.
  row: u32,
  matrix: u32,
  maskRow: u32,
  maskColumn: u32,
  maskMatrix: u32,
  scale: f32,
  // The bits of −∞, which WGSL has no way to write.
  minusInfinity: u32,
  softcap: f32,
  // How many keys before and after its own place a query sees.
  before: u32,
  after: u32,
}

override CAUSAL: bool = false;
override MASKED: bool = false;
override WINDOWED: bool = false;
override CAPPED: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
// For each attention, its matrices of q, k, v and mask.
@group(0) @binding(1) var<storage, read> table: array<vec4u>;
@group(0) @binding(2) var<storage, read> mask: array<f32>;
@group(0) @binding(3) var<storage, read> scores: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> masked: array<vec4f>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let index = (group.x + group.y * groups.x) * 64 + local.x;
  let columns = params.row / 4;
  let matrix = index / (params.matrix / 4);
  if (matrix >= params.matrices) {
    return;
  }
  let query = index % (params.matrix / 4) / columns;
  let key = index % columns * 4;
  var value = scores[index] * params.scale;
  if (CAPPED) {
    value = params.softcap * tanhOf(value / params.softcap);
  }
  if (MASKED && query < params.queries) {
    let start = table[matrix].w * params.maskMatrix + query * params.maskRow;
    for (var i = 0u; i < min(4u, params.keys - key); i++) {
      value[i] += mask[start + (key + i) * params.maskColumn];
    }
  }
  if (CAUSAL) {
    let hidden = key + vec4u(0, 1, 2, 3) > vec4u(query);
    value = select(value, vec4f(bitcast<f32>(params.minusInfinity)), hidden);
  }
  if (WINDOWED) {
    let keys = key + vec4u(0, 1, 2, 3);
    let hidden = (keys + params.before < vec4u(query)) | (keys > vec4u(query + params.after));
    value = select(value, vec4f(bitcast<f32>(params.minusInfinity)), hidden);
  }
  masked[index] = value;
}

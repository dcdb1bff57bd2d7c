// Flash: softmax(q kᵀ · scale + mask) v without ever storing the scores.
//
//                 keys →
//            ┌───┬───┬───┬───┐       A thread owns 4 queries and up to 64 columns of the result. It walks the keys
//  4 queries │ 8 │ 8 │ 8 │ … │       8 at a time and keeps, for each query, the greatest score so far (most), the
//            └───┴───┴───┴───┘       sum of the powers so far (total) and their weighted sum of values (o):
//              │
//              ▼  scores of 4 × 8 in registers
//            ┌───────────────┐       when a greater score turns up, what is summed so far is multiplied by
//  8 values  │  v: 8 × 64    │       exp(old most − new most), so that every power is taken against the greatest
//            └───────────────┘       score seen, and nothing overflows.
//
// Each of the 8 keys and values that is read serves 4 queries. Wider values than 64 are split among threads, which
// then repeat the scores. Workgroup memory: none. Registers: 4 × 64 sums, 32 scores.
//
// A query that sees no key gives zeros. A NaN or +∞ among the scores of a query makes its whole row NaN; that is
// told by bits, because WGSL lets a compiler assume that neither occurs.

struct Params {
  queries: u32,
  keys: u32,
  matrices: u32,
  // Vectors of four in a row of q and k; in a row of v and of the result.
  dim: u32,
  valueDim: u32,
  // Vectors from one matrix to the next.
  qMatrix: u32,
  kMatrix: u32,
  vMatrix: u32,
  oMatrix: u32,
  // Numbers from one row, column and matrix of the mask to the next; zero where it is broadcast.
  maskRow: u32,
  maskColumn: u32,
  maskMatrix: u32,
  scale: f32,
  minusInfinity: u32,
  nan: u32,
  // The columns of the result that are not padding.
  valueColumns: u32,
}

override CAUSAL: bool = false;
override MASKED: bool = false;
// Whether keys that a causal query cannot see may be left out. Only if all values are finite: 0 · NaN is NaN.
override SKIP: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
// For each attention, its matrices of q, k, v and mask.
@group(0) @binding(1) var<storage, read> table: array<vec4u>;
@group(0) @binding(2) var<storage, read> mask: array<f32>;
@group(0) @binding(3) var<storage, read> q: array<vec4f>;
@group(0) @binding(4) var<storage, read> k: array<vec4f>;
@group(0) @binding(5) var<storage, read> v: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> o: array<vec4f>;

const lowest = -0x1.fffffep+127f;
// Vectors of the result that one thread keeps for each query.
const slice = 16u;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let slices = (params.valueDim + slice - 1) / slice;
  let blocks = (params.queries + 3) / 4;
  let index = (group.x + group.y * groups.x) * 64 + local.x;
  let matrix = index / (blocks * slices);
  if (matrix >= params.matrices) {
    return;
  }
  let query = index % blocks * 4;
  let firstColumn = index / blocks % slices * slice;
  let columns = min(slice, params.valueDim - firstColumn);
  let places = table[matrix];
  let qStart = places.x * params.qMatrix + query * params.dim;
  let vStart = places.z * params.vMatrix + firstColumn;

  // One component for each of the four queries.
  var most = vec4f(lowest);
  var total = vec4f();
  var broken = vec4<bool>();
  // For each vector of columns, the sums of the four queries.
  var sums: array<mat4x4f, slice>;

  let seen = select(params.keys, min(params.keys, query + 4), SKIP);
  for (var key = 0u; key < seen; key += 8) {
    var s = scores(qStart, places.y * params.kMatrix + key * params.dim);
    var greatest = most;
    for (var i = 0u; i < 8; i++) {
      s[i] = finish(s[i] * params.scale, places.w, query, key + i);
      broken |= isBroken(s[i]);
      greatest = max(greatest, s[i]);
    }
    let shrink = exp(most - greatest);
    most = greatest;
    total *= shrink;
    for (var i = 0u; i < 8; i++) {
      s[i] = select(vec4f(), exp(s[i] - most), s[i] >= vec4f(lowest));
      total += s[i];
    }
    for (var column = 0u; column < columns; column++) {
      var at = vStart + key * params.valueDim + column;
      var sum = sums[column];
      sum[0] *= shrink.x;
      sum[1] *= shrink.y;
      sum[2] *= shrink.z;
      sum[3] *= shrink.w;
      for (var i = 0u; i < 8; i++) {
        let value = v[at];
        sum[0] += s[i].x * value;
        sum[1] += s[i].y * value;
        sum[2] += s[i].z * value;
        sum[3] += s[i].w * value;
        at += params.valueDim;
      }
      sums[column] = sum;
    }
  }

  let factor = select(1 / total, vec4f(1), total == vec4f());
  for (var column = 0u; column < columns; column++) {
    let inside = 4 * (firstColumn + column) + vec4u(0, 1, 2, 3) < vec4u(params.valueColumns);
    for (var i = 0u; i < 4; i++) {
      let value = select(sums[column][i] * factor[i], vec4f(bitcast<f32>(params.nan)), broken[i]);
      let at = matrix * params.oMatrix + (query + i) * params.valueDim + firstColumn + column;
      o[at] = select(vec4f(), value, inside & vec4<bool>(query + i < params.queries));
    }
  }
}

// q kᵀ of four queries and eight keys: for each key, one vector over the queries.
fn scores(qStart: u32, kStart: u32) -> array<vec4f, 8> {
  var s: array<vec4f, 8>;
  for (var d = 0u; d < params.dim; d++) {
    let at = qStart + d;
    let queries = transpose(mat4x4f(q[at], q[at + params.dim], q[at + 2 * params.dim], q[at + 3 * params.dim]));
    var place = kStart + d;
    for (var i = 0u; i < 8; i++) {
      let value = k[place];
      s[i] += queries[0] * value.x;
      s[i] += queries[1] * value.y;
      s[i] += queries[2] * value.z;
      s[i] += queries[3] * value.w;
      place += params.dim;
    }
  }
  return s;
}

// The mask added, and −∞ for what a query may not see.
fn finish(scaled: vec4f, maskPlace: u32, query: u32, key: u32) -> vec4f {
  let queries = query + vec4u(0, 1, 2, 3);
  var hidden = vec4<bool>(key >= params.keys);
  if (CAUSAL) {
    hidden |= vec4u(key) > queries;
  }
  var s = scaled;
  if (MASKED) {
    // The last rows and columns may be padding, for which the mask has nothing.
    let rows = min(queries, vec4u(params.queries - 1)) * params.maskRow;
    let at = maskPlace * params.maskMatrix + min(key, params.keys - 1) * params.maskColumn + rows;
    s += vec4f(mask[at.x], mask[at.y], mask[at.z], mask[at.w]);
  }
  return select(s, vec4f(bitcast<f32>(params.minusInfinity)), hidden);
}

// NaN or +∞: the exponent is all ones, and it is not −∞.
fn isBroken(value: vec4f) -> vec4<bool> {
  let bits = bitcast<vec4u>(value);
  return ((bits & vec4u(0x7f800000u)) == vec4u(0x7f800000u)) & (bits != vec4u(0xff800000u));
}

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
  // How many keys before and after its own place a query sees.
  before: u32,
  after: u32,
  softcap: f32,
}

override CAUSAL: bool = false;
override MASKED: bool = false;
override WINDOWED: bool = false;
override CAPPED: bool = false;
// Whether keys that no query of a block can see may be left out. Only if all values are finite: 0 · NaN is NaN.
override SKIP: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
// For each attention, its matrices of q, k, v and mask.
@group(0) @binding(1) var<storage, read> table: array<vec4u>;
@group(0) @binding(2) var<storage, read> mask: array<f32>;
@group(0) @binding(3) var<storage, read> q: array<StoredQ>;
@group(0) @binding(4) var<storage, read> k: array<StoredK>;
@group(0) @binding(5) var<storage, read> v: array<StoredV>;
@group(0) @binding(6) var<storage, read_write> o: array<StoredO>;

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

  let last = query + select(params.keys, 4u, CAUSAL);
  let reach = query + select(params.keys, params.after + 4, WINDOWED);
  let end = select(params.keys, min(params.keys, min(last, reach)), SKIP);
  let first = select(0u, query - min(query, params.before), SKIP && WINDOWED);
  for (var key = first / 8 * 8; key < end; key += 8) {
    // Of four keys each: a column for each key, over the queries.
    var s0 = mat4x4f();
    var s1 = mat4x4f();
    let kStart = places.y * params.kMatrix + key * params.dim;
    for (var d = 0u; d < params.dim; d++) {
      let queries = transpose(rowsOfQ(qStart + d));
      s0 = multiplyAdd(s0, transpose(rowsOfK(kStart + d)), queries);
      s1 = multiplyAdd(s1, transpose(rowsOfK(kStart + 4 * params.dim + d)), queries);
    }
    s0 = finish(s0, places.w, query, key);
    s1 = finish(s1, places.w, query, key + 4);
    broken |= anyBroken(s0) | anyBroken(s1);

    let greatest = max(most, max(greatestOf(s0), greatestOf(s1)));
    let shrink = exp(most - greatest);
    most = greatest;
    s0 = powers(s0, most);
    s1 = powers(s1, most);
    total = total * shrink + s0[0] + s0[1] + s0[2] + s0[3] + s1[0] + s1[1] + s1[2] + s1[3];

    let vKey = vStart + key * params.valueDim;
    for (var column = 0u; column < columns; column++) {
      let old = sums[column];
      let kept = mat4x4f(old[0] * shrink.x, old[1] * shrink.y, old[2] * shrink.z, old[3] * shrink.w);
      let half = multiplyAdd(kept, s0, rowsOfV(vKey + column));
      sums[column] = multiplyAdd(half, s1, rowsOfV(vKey + 4 * params.valueDim + column));
    }
  }

  let factor = select(1 / total, vec4f(1), total == vec4f());
  for (var column = 0u; column < columns; column++) {
    let inside = 4 * (firstColumn + column) + vec4u(0, 1, 2, 3) < vec4u(params.valueColumns);
    for (var i = 0u; i < 4; i++) {
      let value = select(sums[column][i] * factor[i], vec4f(bitcast<f32>(params.nan)), broken[i]);
      let at = matrix * params.oMatrix + (query + i) * params.valueDim + firstColumn + column;
      o[at] = storedO(select(vec4f(), value, inside & vec4<bool>(query + i < params.queries)));
    }
  }
}

// The sum and the products of four rows and four columns over four steps. Written out, because software adapters do
// not unroll loops and then keep the blocks in memory.
fn multiplyAdd(sum: mat4x4f, a: mat4x4f, b: mat4x4f) -> mat4x4f {
  return mat4x4f(
    sum[0] + a[0].x * b[0] + a[1].x * b[1] + a[2].x * b[2] + a[3].x * b[3],
    sum[1] + a[0].y * b[0] + a[1].y * b[1] + a[2].y * b[2] + a[3].y * b[3],
    sum[2] + a[0].z * b[0] + a[1].z * b[1] + a[2].z * b[2] + a[3].z * b[3],
    sum[3] + a[0].w * b[0] + a[1].w * b[1] + a[2].w * b[2] + a[3].w * b[3],
  );
}

// Four numbers of four rows that follow each other.
fn rowsOfQ(at: u32) -> mat4x4f {
  let row = params.dim;
  return mat4x4f(fourQ(q[at]), fourQ(q[at + row]), fourQ(q[at + 2 * row]), fourQ(q[at + 3 * row]));
}

fn rowsOfK(at: u32) -> mat4x4f {
  let row = params.dim;
  return mat4x4f(fourK(k[at]), fourK(k[at + row]), fourK(k[at + 2 * row]), fourK(k[at + 3 * row]));
}

fn rowsOfV(at: u32) -> mat4x4f {
  let row = params.valueDim;
  return mat4x4f(fourV(v[at]), fourV(v[at + row]), fourV(v[at + 2 * row]), fourV(v[at + 3 * row]));
}

// The scores of four keys, scaled, with the mask, and −∞ for what a query may not see.
fn finish(s: mat4x4f, maskPlace: u32, query: u32, key: u32) -> mat4x4f {
  return mat4x4f(
    finishKey(s[0], maskPlace, query, key),
    finishKey(s[1], maskPlace, query, key + 1),
    finishKey(s[2], maskPlace, query, key + 2),
    finishKey(s[3], maskPlace, query, key + 3),
  );
}

fn finishKey(score: vec4f, maskPlace: u32, query: u32, key: u32) -> vec4f {
  let queries = query + vec4u(0, 1, 2, 3);
  var hidden = vec4<bool>(key >= params.keys);
  if (CAUSAL) {
    hidden |= vec4u(key) > queries;
  }
  if (WINDOWED) {
    hidden |= (vec4u(key + params.before) < queries) | (vec4u(key) > queries + params.after);
  }
  var s = score * params.scale;
  if (CAPPED) {
    s = params.softcap * tanhOf(s / params.softcap);
  }
  if (MASKED) {
    // The last rows and columns may be padding, for which the mask has nothing.
    let rows = min(queries, vec4u(params.queries - 1)) * params.maskRow;
    let at = maskPlace * params.maskMatrix + min(key, params.keys - 1) * params.maskColumn + rows;
    s += vec4f(mask[at.x], mask[at.y], mask[at.z], mask[at.w]);
  }
  return select(s, vec4f(bitcast<f32>(params.minusInfinity)), hidden);
}

fn greatestOf(s: mat4x4f) -> vec4f {
  return max(max(s[0], s[1]), max(s[2], s[3]));
}

fn powers(s: mat4x4f, most: vec4f) -> mat4x4f {
  return mat4x4f(power(s[0], most), power(s[1], most), power(s[2], most), power(s[3], most));
}

fn power(s: vec4f, most: vec4f) -> vec4f {
  return select(vec4f(), exp(s - most), s >= vec4f(lowest));
}

fn anyBroken(s: mat4x4f) -> vec4<bool> {
  return isBroken(s[0]) | isBroken(s[1]) | isBroken(s[2]) | isBroken(s[3]);
}

// NaN or +∞: the exponent is all ones, and it is not −∞.
fn isBroken(value: vec4f) -> vec4<bool> {
  let bits = bitcast<vec4u>(value);
  return ((bits & vec4u(0x7f800000u)) == vec4u(0x7f800000u)) & (bits != vec4u(0xff800000u));
}

// Blocks: pieces of 4 × 4 numbers, how a kernel reads them from the operands, multiplies them, and stores the result.
//
//          ┌────┐
//          │ b  │ 4 k     c += a · b, a block at a time: 32 numbers read, 64 multiply-adds
//   ┌────┐ ├────┤
//   │ a  │ │ c  │
//   └────┘ └────┘
//
// Workgroup memory: none.

@group(0) @binding(3) var<storage, read> a: array<StoredA>;
@group(0) @binding(4) var<storage, read> b: array<StoredB>;
@group(0) @binding(5) var<storage, read_write> c: array<StoredC>;

// The sum and the products of four rows and four columns over four k. Written out, because software adapters do not
// unroll loops and then keep the blocks in memory.
fn multiplyAdd(sum: mat4x4f, a: mat4x4f, b: mat4x4f) -> mat4x4f {
  return mat4x4f(
    sum[0] + a[0].x * b[0] + a[1].x * b[1] + a[2].x * b[2] + a[3].x * b[3],
    sum[1] + a[0].y * b[0] + a[1].y * b[1] + a[2].y * b[2] + a[3].y * b[3],
    sum[2] + a[0].z * b[0] + a[1].z * b[1] + a[2].z * b[2] + a[3].z * b[3],
    sum[3] + a[0].w * b[0] + a[1].w * b[1] + a[2].w * b[2] + a[3].w * b[3],
  );
}

// The sum and the products of four rows and four columns at one k.
fn multiplyAddOne(sum: mat4x4f, a: vec4f, b: vec4f) -> mat4x4f {
  return mat4x4f(sum[0] + a.x * b, sum[1] + a.y * b, sum[2] + a.z * b, sum[3] + a.w * b);
}

// The 4 × 4 block of a at rows 4·row… and 4·k…, one vector for each k, each over four rows.
fn loadA(start: u32, row: u32, k: u32) -> mat4x4f {
  let stride = params.aRow / 4;
  if (TRANSPOSE_A) {
    return vectorsOfA(start + 4 * k * stride + row, stride);
  }
  return transpose(vectorsOfA(start + 4 * row * stride + k, stride));
}

// The 4 × 4 block of b at 4·k… and columns 4·column…, one vector for each k, each over four columns.
fn loadB(start: u32, k: u32, column: u32) -> mat4x4f {
  let stride = params.bRow / 4;
  if (TRANSPOSE_B) {
    return transpose(vectorsOfB(start + 4 * column * stride + k, stride));
  }
  return vectorsOfB(start + 4 * k * stride + column, stride);
}

fn vectorsOfA(at: u32, stride: u32) -> mat4x4f {
  return mat4x4f(fourA(a[at]), fourA(a[at + stride]), fourA(a[at + 2 * stride]), fourA(a[at + 3 * stride]));
}

fn vectorsOfB(at: u32, stride: u32) -> mat4x4f {
  return mat4x4f(fourB(b[at]), fourB(b[at + stride]), fourB(b[at + 2 * stride]), fourB(b[at + 3 * stride]));
}

// Stores four rows of four numbers, unless they lie outside.
fn store(batch: u32, row: u32, column: u32, block: mat4x4f) {
  if (4 * row * params.cRow >= params.cMatrix || 4 * column >= params.cRow) {
    return;
  }
  let start = (batch * params.cMatrix + 4 * row * params.cRow) / 4 + column;
  let stride = params.cRow / 4;
  c[start] = storedC(finish(4 * row, column, block[0]));
  c[start + stride] = storedC(finish(4 * row + 1, column, block[1]));
  c[start + 2 * stride] = storedC(finish(4 * row + 2, column, block[2]));
  c[start + 3 * stride] = storedC(finish(4 * row + 3, column, block[3]));
}

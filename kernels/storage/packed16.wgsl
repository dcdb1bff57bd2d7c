// Stored as packed half: for devices that cannot compute with float16, two numbers in each word, unpacked when they are read.
//
//   │y x│w z│   8 bytes
//
// Workgroup memory: none.

alias StoredX = vec2u;

fn fourX(stored: StoredX) -> vec4f {
  let finite = vec4f(unpack2x16float(stored.x), unpack2x16float(stored.y));
  let bits = vec4u(stored.x & 0xffffu, stored.x >> 16, stored.y & 0xffffu, stored.y >> 16);
  // What is not finite is put together from its bits, because unpacking need not keep it.
  let special = (bits & vec4u(0x7c00u)) == vec4u(0x7c00u);
  let wide = ((bits & vec4u(0x8000u)) << vec4u(16)) | vec4u(0x7f800000u) | ((bits & vec4u(0x3ffu)) << vec4u(13));
  return select(finite, bitcast<vec4f>(wide), special);
}

fn storedX(four: vec4f) -> StoredX {
  let bits = bitcast<vec4u>(four);
  let sign = (bits >> vec4u(16)) & vec4u(0x8000u);
  let magnitude = bits & vec4u(0x7fffffffu);
  // From 65520 on the nearest float16 is infinity; a NaN is more than infinity.
  let large = magnitude >= vec4u(0x477ff000u);
  let special = sign | select(vec4u(0x7c00u), vec4u(0x7e00u), magnitude > vec4u(0x7f800000u));
  let small = select(four, vec4f(), large);
  let pairs = vec2u(pack2x16float(small.xy), pack2x16float(small.zw));
  let halves = vec4u(pairs.x & 0xffffu, pairs.x >> 16, pairs.y & 0xffffu, pairs.y >> 16);
  let result = select(halves, special, large);
  return vec2u(result.x | (result.y << 16), result.z | (result.w << 16));
}

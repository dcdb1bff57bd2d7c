/** Float16 as JavaScript without a type for it has to write it: bits in a Uint16Array. It knows numbers only. */

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** The nearest float16 of each number, ties to even. */
export function toHalf(numbers: Float32Array): Uint16Array {
  return Uint16Array.from(numbers, halfBits);
}

export function fromHalf(bits: Uint16Array): Float32Array {
  const known = halves();
  return Float32Array.from(bits, (half) => known[half] ?? NaN);
}

/** Numbers as they are after a stay in float16. */
export function throughHalf(numbers: Float32Array): Float32Array {
  return fromHalf(toHalf(numbers));
}

function halfBits(value: number): number {
  single[0] = value;
  const bits = singleBits[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Below the least normal float16 every step is 2⁻²⁴ wide.
  if (magnitude < 0x38800000) return sign | roundToEven(Math.abs(value) * 2 ** 24);
  const kept = magnitude - 0x38000000;
  return sign | roundToEven(kept / 2 ** 13);
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

let table: Float32Array | undefined;

/** Every float16 there is, made once. */
function halves(): Float32Array {
  table ??= Float32Array.from({ length: 65536 }, (_, bits) => {
    const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
    const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
    const magnitude = exponent < 31 ? size : fraction === 0 ? Infinity : NaN;
    return bits & 0x8000 ? -magnitude : magnitude;
  });
  return table;
}

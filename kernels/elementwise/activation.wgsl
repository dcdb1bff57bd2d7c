// Activations: four numbers at a time; each keeps NaN, and at −∞ is what its formula gives there:
// NaN for gelu and silu, as in PyTorch.
//
//   code │ 0 none │ 1 relu │ 2 gelu │ 3 gelu-tanh │ 4 silu │ 5 tanh │ 6 sigmoid │
//
// Workgroup memory: none.

fn activate(code: u32, x: vec4f) -> vec4f {
  // The compiler knows the code and leaves one case.
  switch (code) {
    case 1: {
      // NaN is told by bits, because a compiler may take this for a maximum, which loses it.
      let isNan = (bitcast<vec4u>(x) & vec4u(0x7fffffffu)) > vec4u(0x7f800000u);
      return select(x, vec4f(), (x < vec4f()) & !isNan);
    }
    case 2: {
      return vec4f(gelu(x.x), gelu(x.y), gelu(x.z), gelu(x.w));
    }
    case 3: {
      let inner = 0.7978845608 * (x + 0.044715 * x * x * x);
      return 0.5 * x * (1 + tanhOf(inner));
    }
    case 4: {
      return x * sigmoid(x);
    }
    case 5: {
      return tanhOf(x);
    }
    case 6: {
      return sigmoid(x);
    }
    default: {
      return x;
    }
  }
}

fn sigmoid(x: vec4f) -> vec4f {
  // The power of a positive number may overflow, that of a negative one only vanishes.
  let power = exp(-abs(x));
  return select(vec4f(1), power, x < vec4f()) / (1 + power);
}

// Some devices overflow inside tanh; beyond 10 it is 1 in float32. Near zero the powers would cancel each other.
fn tanhOf(x: vec4f) -> vec4f {
  let power = exp(-2 * abs(x));
  let far = sign(x) * (1 - power) / (1 + power);
  let square = x * x;
  let near = x * (1 + square * (-0.33333333 + square * (0.13333333 - square * 0.053968254)));
  return select(far, near, abs(x) < vec4f(0.125));
}

// x · Φ(x). The tail of Φ is a power times a rational function of degree 5 (Abramowitz and Stegun, 7.1.26), which
// keeps Φ within 1.5e-7.
fn gelu(x: f32) -> f32 {
  let z = abs(x) * 0.70710678;
  let t = 1 / (1 + 0.3275911 * z);
  let series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  let tail = 0.5 * series * exp(-z * z);
  return x * select(1 - tail, tail, x < 0);
}

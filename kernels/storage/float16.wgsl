// Stored as half: on devices that compute with float16, half the bytes are read, and all sums stay in float32.
//
//   │x│y│z│w│   8 bytes
//
// Workgroup memory: none.

alias ScalarX = f16;
alias StoredX = vec4h;

fn fourX(stored: StoredX) -> vec4f {
  return vec4f(stored);
}

fn storedX(four: vec4f) -> StoredX {
  return vec4h(four);
}

// Stored as single: four float32 numbers are four numbers.
//
//   │ x │ y │ z │ w │   16 bytes
//
// Workgroup memory: none.

alias ScalarX = f32;
alias StoredX = vec4f;

fn fourX(stored: StoredX) -> vec4f {
  return stored;
}

fn storedX(four: vec4f) -> StoredX {
  return four;
}

/** A WGSL file is imported as its text. */
declare module "*.wgsl" {
  const text: string;
  export default text;
}

/** A module that the build makes from a WebAssembly text of the same name, imported as its bytes. */
declare module "*.wasm" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

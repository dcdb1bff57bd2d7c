/** A WGSL file is imported as its text. */
declare module "*.wgsl" {
  const text: string;
  export default text;
}

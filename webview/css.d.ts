/** A style sheet is imported for esbuild to bundle beside the script; it has no value. */
declare module "*.css";
/** A worker's bundle as text. */
declare module "*.source" {
  const source: string;
  export default source;
}

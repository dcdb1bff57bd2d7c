/** A style sheet is imported for esbuild to bundle beside the script; it has no value. */
declare module "*.css";

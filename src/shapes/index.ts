/** Everything that other layers use of dimensions, shapes and what is known about them. */
export * from "./algebra.ts";
export * from "./bounds.ts";
export * from "./dim.ts";
export * from "./divide.ts";
export * from "./extremes.ts";
export * from "./print.ts";
export * from "./shape.ts";
export * from "./substitute.ts";

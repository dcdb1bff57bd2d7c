/** Everything that other layers use of dimensions, shapes and what is known about them. */
export * from "./algebra.ts";
export * from "./bounds.ts";
export * from "./dim.ts";
export * from "./divide.ts";
export { type Certainty, type Verdict } from "./equation.ts";
export * from "./extremes.ts";
export { type Facts, noFacts } from "./facts.ts";
export { type Bindings, applyBindings, bindingsSince, factsKey, intersectFacts } from "./merge.ts";
export * from "./print.ts";
export * from "./shape.ts";
export * from "./solver.ts";
export * from "./substitute.ts";

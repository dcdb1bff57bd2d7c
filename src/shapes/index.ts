/** What other layers use of dimensions, shapes and what is known about them. */
export { add, multiply, negate, power, product, subtract } from "./algebra.ts";
export { type Interval, rangeOf } from "./bounds.ts";
export {
  type Atom,
  type Cause,
  type Dim,
  type Opaque,
  type OpaqueFunction,
  type Place,
  type Sym,
  type SymbolKind,
  type SymbolOptions,
  type Term,
  asNumber,
  asSymbol,
  constant,
  equalDims,
  freshSymbol,
  isNameless,
  mentionsUnknown,
  ofSymbol,
  ofTerms,
  symbolCount,
  symbolsOf,
  unknownDim,
} from "./dim.ts";
export { ceilDivide, floorDivide, modulo } from "./divide.ts";
export type { Certainty } from "./equation.ts";
export { absolute, maximum, minimum } from "./extremes.ts";
export { type Facts, noFacts } from "./facts.ts";
export type { Verdict } from "./learn.ts";
export { entryOf } from "./maps.ts";
export {
  type Bindings,
  agreeUnder,
  applyBindings,
  bindingsSince,
  factsKey,
  forgetUnknown,
  intersectFacts,
} from "./merge.ts";
export { printDim } from "./print.ts";
export {
  type Lead,
  type Shape,
  elementCount,
  equalShapes,
  freshLead,
  joinShapes,
  known,
  printShape,
  rank,
  shapeOf,
  shapeToJson,
  unknownShape,
} from "./shape.ts";
export { type Answer, type BroadcastShape, type Customs, Solver, type TakenName } from "./solver.ts";
export { evaluate, substitute } from "./substitute.ts";

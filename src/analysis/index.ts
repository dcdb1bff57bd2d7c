/** The abstract interpreter, as the layers above see it. */
export { Analyzer, type AnalyzeOptions, type Stages } from "./analyzer.ts";
export type { Declarations } from "./declared.ts";
export type { Host } from "./host.ts";
export type {
  Fact,
  FactKind,
  FileResult,
  FileSpan,
  Finding,
  OperandFact,
  Operation,
  PlaygroundCall,
  Result,
  SymbolOrigin,
} from "./result.ts";

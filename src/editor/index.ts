/**
 * What an editor or a terminal shows of an analysis, as plain data.
 */
export { ignoreAction, removalOf, writingActions, type Action } from "./actions.ts";
export { environmentIn, environmentOf, packagesOf, type Packages, type Reader } from "./environment.ts";
export { findingsOf, settingsFindings, type Severities, type Severity } from "./findings.ts";
export type { ProjectSettings } from "./declarations.ts";
export { factsOn, isAnything, leadingFact, spotAt } from "./facts.ts";
export { hintsIn, type Hint, type HintPart } from "./hints.ts";
export { hoverAt, type Hover } from "./hover.ts";
export { lineText, linesOf, offsetAt, positionAt, type Lines, type Position } from "./lines.ts";
export { isNews } from "./news.ts";
export { graphAt } from "./graph.ts";
export { playgroundAt } from "./playground.ts";
export { textOf, type View } from "./sources.ts";
export { leftOutOf, statusOf } from "./status.ts";
export { parentOf, resolveImport, type Folders } from "./imports.ts";
export { Project, type Analysis, type Engine, type Files, type Steps } from "./project.ts";
export { placeInCell, readNotebook, type Notebook } from "./notebooks.ts";

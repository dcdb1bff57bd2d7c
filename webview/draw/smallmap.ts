/** `<small-map>`: a matrix at the smallest useful size, without axes or cursor. */

import type { Matrix } from "../engine/picture.ts";
import { renderCells, type Look, type Size } from "./cells.ts";

export type SmallMapView = { readonly matrix: Matrix; readonly size: Size; readonly look: Look };

export class SmallMap extends HTMLElement {
  readonly #canvas = document.createElement("canvas");
  #drawn: SmallMapView | undefined;

  set view(view: SmallMapView) {
    if (!this.#canvas.isConnected) {
      this.#canvas.ariaHidden = "true";
      this.append(this.#canvas);
    }
    const drawn = this.#drawn;
    const sameSize = drawn?.size.width === view.size.width && drawn.size.height === view.size.height;
    if (
      sameSize &&
      drawn.matrix === view.matrix &&
      JSON.stringify(drawn.look.domain) === JSON.stringify(view.look.domain) &&
      drawn.look.palette === view.look.palette
    )
      return;
    this.#drawn = view;
    renderCells(this.#canvas, view.matrix, view.size, view.look);
  }
}

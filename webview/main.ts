/** The page's entry: registers the drawn elements and starts the playground in the element that the page has for it. */

import "./main.css";
import { Playground } from "./app.ts";
import { HeatMap } from "./draw/heatmap.ts";
import { ValueLegend } from "./draw/legend.ts";
import { SmallMap } from "./draw/smallmap.ts";
import { connect } from "./host.ts";

customElements.define("heat-map", HeatMap);
customElements.define("value-legend", ValueLegend);
customElements.define("small-map", SmallMap);

const root = document.getElementById("playground") ?? document.body.appendChild(document.createElement("main"));
root.id = "playground";
root.classList.add("panel");
root.dataset["testid"] = "playground";
const playground = new Playground(root, connect());
void playground.start();

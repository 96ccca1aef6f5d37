import htmx from "htmx.org";
import { startCharts } from "./js/charts.js";
import { guardComposition } from "./js/composing.js";
import { startDrafts } from "./js/drafts.js";
import { watchLine } from "./js/line.js";
import { startTouches } from "./js/touches.js";

window.htmx = htmx;
guardComposition();
startDrafts();
watchLine();
startTouches();
startCharts();

import htmx from "htmx.org";
import { startCharts } from "./js/charts.js";
import { guardComposition } from "./js/composing.js";
import { startDrafts } from "./js/drafts.js";
import { startKeyboard } from "./js/keyboard.js";
import { watchLine } from "./js/line.js";
import { startTouches } from "./js/touches.js";

window.htmx = htmx;
guardComposition();
startKeyboard();
startDrafts();
watchLine();
startTouches();
startCharts();

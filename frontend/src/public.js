import htmx from "htmx.org";
import { guardComposition } from "./js/composing.js";
import { watchLine } from "./js/line.js";
import { startTouches } from "./js/touches.js";

window.htmx = htmx;
guardComposition();
watchLine();
startTouches();

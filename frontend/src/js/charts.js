// ECharts is fetched only where a page holds a chart.
export function startCharts() {
  const begin = async (root) => {
    const holders = [...root.querySelectorAll("[data-chart]:not([data-drawn])")];
    if (!holders.length) return;
    const { draw } = await import("./drawing.js");
    holders.forEach(draw);
  };
  begin(document);
  addEventListener("htmx:load", (event) => begin(event.detail.elt.parentNode || document));
}

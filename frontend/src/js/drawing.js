// Turns the page's own chart data into ECharts options: never smoothed, gaps left open, events as marks.
import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { DataZoomComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([
  BarChart, CustomChart, LineChart, ScatterChart, SVGRenderer,
  DataZoomComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent,
]);

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const SHAPES = ["circle", "rect", "triangle", "diamond"];

function band([low, high], colour) {
  return { silent: true, itemStyle: { color: colour, opacity: 0.5 }, data: [[{ yAxis: low ?? "min" }, { yAxis: high ?? "max" }]] };
}

function events(list, colour) {
  return list.map((one) => ({ xAxis: one.at, lineStyle: { color: colour, type: "dashed" }, label: { formatter: one.label, position: "insideEndTop", rotate: 0, color: colour } }));
}

function marks(chart) {
  const target = (chart.targets || []).map((one) => ({
    yAxis: one.value,
    lineStyle: { color: token("ok"), type: "solid" },
    label: { formatter: one.label, position: "end", color: token("ok-ink") },
  }));
  const data = [...target, ...events(chart.events || [], token("ink-3"))];
  return {
    markArea: chart.band ? band(chart.band, token("ok-soft")) : undefined,
    markLine: { silent: true, symbol: "none", animation: false, data },
  };
}

function rangeBar(params, api) {
  const top = api.coord([api.value(0), api.value(1)]);
  const bottom = api.coord([api.value(0), api.value(2)]);
  const isOver = api.value(3);
  const fill = token(isOver ? "l1" : "accent");
  const bar = { type: "rect", shape: { x: top[0] - 2.5, y: top[1], width: 5, height: Math.max(2, bottom[1] - top[1]), r: 2 }, style: { fill } };
  // A cap as well as a colour, for those who do not see red.
  const cap = { type: "rect", shape: { x: top[0] - 6, y: top[1] - 1, width: 12, height: 3 }, style: { fill } };
  return { type: "group", children: isOver ? [bar, cap] : [bar] };
}

const DRAWERS = {
  range: (chart) => [{ type: "custom", renderItem: rangeBar, encode: { x: 0, y: [1, 2] }, data: chart.points, ...marks(chart) }],
  line: (chart) =>
    chart.series.map((one, index) => ({
      type: "line", name: one.name, smooth: false, connectNulls: false, symbol: SHAPES[index % 4], symbolSize: 6,
      lineStyle: { width: 1.5, type: index ? "dashed" : "solid" }, itemStyle: { color: token(index ? "series-2" : "accent") },
      data: one.points, ...(index ? {} : marks(chart)),
    })),
  bar: (chart) => [{ type: "bar", barMaxWidth: 18, itemStyle: { color: token("accent") }, data: chart.points, ...marks(chart) }],
  dots: (chart) => [{ type: "scatter", symbolSize: 9, itemStyle: { color: token("accent") }, data: chart.points, ...marks(chart) }],
  agp: (chart) => {
    const layer = (name, low, high, opacity) => [
      { type: "line", stack: name, symbol: "none", lineStyle: { opacity: 0 }, data: chart.points.map((p) => [p[0], p[low]]) },
      { type: "line", stack: name, symbol: "none", lineStyle: { opacity: 0 }, areaStyle: { color: token("accent"), opacity }, data: chart.points.map((p) => [p[0], p[high] - p[low]]) },
    ];
    const median = { type: "line", symbol: "none", lineStyle: { width: 2 }, itemStyle: { color: token("accent") }, data: chart.points.map((p) => [p[0], p[3]]), ...marks(chart) };
    return [...layer("outer", 1, 5, 0.15), ...layer("inner", 2, 4, 0.3), median];
  },
};

const DATES = { year: "{yyyy}年", month: "{M}月", day: "{M}-{dd}", hour: "{HH}:{mm}", minute: "{HH}:{mm}" };

function options(chart) {
  const faint = { color: token("ink-3"), fontSize: 12 };
  const categories = chart.kind === "dots" ? "yAxis" : "xAxis";
  const axis = { type: chart.axis || "time", axisLabel: { ...faint, hideOverlap: true, formatter: chart.axis === "category" ? undefined : DATES }, axisLine: { lineStyle: { color: token("line-strong") } }, splitLine: { show: false }, boundaryGap: chart.axis === "category" && chart.kind !== "agp" };
  const scale = { type: "value", scale: chart.kind !== "bar", name: chart.unit, nameTextStyle: { ...faint, align: "left" }, axisLabel: faint, splitLine: { lineStyle: { color: token("line") } } };
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: chart.targets ? 68 : 16, top: 28, bottom: 8, containLabel: true },
    // Rich text instead of HTML: the page's policy allows no inline style.
    tooltip: { trigger: chart.kind === "dots" ? "item" : "axis", renderMode: "richText", confine: true },
    xAxis: categories === "xAxis" ? axis : scale,
    yAxis: categories === "yAxis" ? axis : scale,
    dataZoom: chart.zoom ? [{ type: "inside", filterMode: "none" }] : [],
    series: DRAWERS[chart.kind](chart),
  };
}

export function draw(holder) {
  holder.dataset.drawn = "1";
  const chart = JSON.parse(document.getElementById(holder.dataset.chart).textContent);
  const picture = echarts.init(holder, null, { renderer: "svg" });
  picture.setOption(options(chart));
  new ResizeObserver(() => picture.resize()).observe(holder);
}

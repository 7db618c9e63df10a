// A line of the last latencies, oldest first. Drawn by hand; positions are shares of the box, so it fits any width.
import { html } from "../lib.js";
import { text } from "./text.js";

const WIDTH = 100;
const HEIGHT = 24;
const EDGE = 2;

export function Sparkline({ values }) {
  if (!values || values.length < 2) return null;
  const points = pointsOf(values);
  const [x, y] = points.at(-1);
  return html`<svg class="reg-spark" role="img" aria-label=${text.agents.latencies(values)} viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
    <polyline points=${points.map((point) => point.join(",")).join(" ")} />
    <line class="reg-spark-end" x1=${x} y1=${y} x2=${x} y2=${y} />
  </svg>`;
}

/** [x, y] of each value in the box; the largest at the top, zero at the bottom. */
export function pointsOf(values) {
  const top = Math.max(...values, 1);
  const round = (number) => Math.round(number * 10) / 10;
  return values.map((value, at) => [
    round(EDGE + (at / (values.length - 1)) * (WIDTH - 2 * EDGE)),
    round(HEIGHT - EDGE - (value / top) * (HEIGHT - 2 * EDGE)),
  ]);
}

// What the answers of /api/operations/series mean for a chart: lines of values, and a round top. No DOM.

/** The next of 1, 2, 2.5, 5 times a power of ten. */
export function roundTop(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return Number(([1, 2, 2.5, 5, 10].find((step) => step * power >= value * 0.999999) * power).toPrecision(6));
}

const TIMES = ["p50Ms", "p95Ms", "p99Ms"];

/**
 * The chart of a measure: {times: [atMs], stepMs, lines: [{name, values}], top, most: {value, atMs}}.
 * "times" are the percentiles of everything; "rate" and "failed" have one line for each part.
 */
export function chartOf(measure, whole, parts) {
  const [total] = whole.lines;
  if (!total) return null;
  const lines = measure === "times"
    ? TIMES.map((name) => ({ name, values: total.points.map((point) => point[name]) }))
    : parts.lines.map(({ name, points }) => ({ name, values: points.map((point) => (measure === "rate" ? point.perSecond : point.failed)) }));
  const times = total.points.map(({ atMs }) => atMs);
  const most = { value: 0, atMs: times[0] };
  for (const { values } of lines) {
    values.forEach((value, index) => {
      if (value > most.value) Object.assign(most, { value, atMs: times[index] });
    });
  }
  return { times, stepMs: whole.stepMs, lines, top: roundTop(most.value), most };
}

/** The strokes of a line in a box of 1000 × 100: it is broken where there is no value. */
export function strokes(values, top) {
  const width = Math.max(1, values.length - 1);
  let path = "";
  let open = false;
  values.forEach((value, index) => {
    if (value === null) {
      open = false;
      return;
    }
    const x = ((1000 * index) / width).toFixed(1);
    const y = (100 - (100 * value) / top).toFixed(2);
    const next = values[index + 1];
    const alone = !open && (next === null || next === undefined);
    path += alone ? `M${x} ${y}h.01` : `${open ? "L" : "M"}${x} ${y}`;
    open = true;
  });
  return path;
}

/** Where a part of a trace lies on its axis, as shares of the whole: {left, width}. */
export function placeOf(part, trace) {
  const whole = Math.max(1, trace.durationMs);
  const left = Math.min(1, Math.max(0, (part.begunMs - trace.begunMs) / whole));
  return { left, width: Math.min(1 - left, Math.max(0.004, part.durationMs / whole)) };
}

/** The spans as a tree in reading order: [{part, depth}]; those whose parent is not there begin one. */
export function treeOf(parts) {
  const children = new Map();
  const known = new Set(parts.map(({ spanId }) => spanId));
  for (const part of parts) {
    const parent = known.has(part.parentId) && part.parentId !== part.spanId ? part.parentId : "";
    children.set(parent, [...(children.get(parent) ?? []), part]);
  }
  const rows = [];
  const shown = new Set();
  const walk = (parent, depth) => {
    for (const part of children.get(parent) ?? []) {
      if (shown.has(part.spanId)) continue;
      shown.add(part.spanId);
      rows.push({ part, depth });
      walk(part.spanId, depth + 1);
    }
  };
  walk("", 0);
  for (const part of parts) if (!shown.has(part.spanId)) rows.push({ part, depth: 0 });
  return rows;
}

/** Lines of the log that have all these words somewhere. */
export function fitting(lines, words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return lines;
  return lines.filter((line) => {
    const said = JSON.stringify(line).toLowerCase();
    return wanted.every((word) => said.includes(word));
  });
}

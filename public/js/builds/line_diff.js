// What changed between two texts, line by line, after Myers (1986): the shortest list of lines taken out and
// put in. Bounded: texts that differ in more than MOST_STEPS lines are told as one replaced by the other.

const MOST_STEPS = 600;
const AROUND = 3; // unchanged lines that are shown around a change

/** [{kind: "same" | "in" | "out", text}] */
export function diffLines(before, after) {
  const old = before === "" ? [] : before.split("\n");
  const now = after === "" ? [] : after.split("\n");
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const middle = shortest(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  return [...line("same", now.slice(0, head)), ...middle, ...line("same", now.slice(now.length - tail))];
}

/** The same with long runs of unchanged lines cut to {kind: "gap", count}. */
export function hunks(lines) {
  const near = new Set();
  lines.forEach(({ kind }, at) => {
    if (kind !== "same") for (let each = at - AROUND; each <= at + AROUND; each++) near.add(each);
  });
  const found = [];
  lines.forEach((each, at) => {
    if (near.has(at)) found.push(each);
    else if (found.at(-1)?.kind === "gap") found.at(-1).count++;
    else found.push({ kind: "gap", count: 1 });
  });
  return found;
}

const line = (kind, lines) => lines.map((text) => ({ kind, text }));

function shortest(old, now) {
  const trace = walk(old, now);
  if (!trace) return [...line("out", old), ...line("in", now)];
  const found = [];
  let x = old.length;
  let y = now.length;
  for (let steps = trace.length - 1; steps > 0; steps--) {
    const reach = trace[steps - 1];
    const k = x - y;
    const down = k === -steps || (k !== steps && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
    const fromX = reach.get(down ? k + 1 : k - 1);
    const fromY = fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY && !(x === fromX + (down ? 0 : 1) && y === fromY + (down ? 1 : 0))) {
      found.push({ kind: "same", text: old[--x] });
      y--;
    }
    found.push(down ? { kind: "in", text: now[--y] } : { kind: "out", text: old[--x] });
  }
  while (x > 0) found.push({ kind: "same", text: old[--x] });
  return found.reverse();
}

/** How far each diagonal is reached with so many changes; null when it takes too many. */
function walk(old, now) {
  const trace = [];
  let reach = new Map();
  for (let steps = 0; steps <= MOST_STEPS; steps++) {
    const next = new Map();
    for (let k = -steps; k <= steps; k += 2) {
      const down = k === -steps || (k !== steps && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      let x = steps === 0 ? 0 : down ? reach.get(k + 1) : reach.get(k - 1) + 1;
      while (x < old.length && x - k < now.length && old[x] === now[x - k]) x++;
      next.set(k, x);
      if (x >= old.length && x - k >= now.length) return [...trace, next];
    }
    trace.push(next);
    reach = next;
  }
  return null;
}

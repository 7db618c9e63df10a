// What an event changed in a state: [{path, before, after}], the smallest parts that differ. undefined: not there.

const MOST = 50;

export function changesBetween(before, after) {
  const found = [];
  walk(before, after, [], found);
  return found;
}

function walk(before, after, path, found) {
  if (found.length >= MOST || same(before, after)) return;
  if (!isBranch(before) || !isBranch(after) || Array.isArray(before) !== Array.isArray(after)) {
    found.push({ path: path.join("."), before, after });
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) walk(before[key], after[key], [...path, key], found);
}

const isBranch = (value) => typeof value === "object" && value !== null;

function same(one, other) {
  return one === other || (isBranch(one) && isBranch(other) && JSON.stringify(one) === JSON.stringify(other));
}

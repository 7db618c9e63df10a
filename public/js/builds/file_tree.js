// Paths → folders and files in the order of a tree: folders first, each by name.

/** [{name, path, depth, folder: true} | {name, path, depth, file}] of files that have a path. */
export function treeOf(files) {
  const root = { folders: new Map(), files: [] };
  for (const file of files) {
    const parts = file.path.split("/");
    let place = root;
    for (const part of parts.slice(0, -1)) {
      if (!place.folders.has(part)) place.folders.set(part, { folders: new Map(), files: [] });
      place = place.folders.get(part);
    }
    place.files.push({ name: parts.at(-1), file });
  }
  return rows(root, "", 0);
}

function rows(place, prefix, depth) {
  const byName = (a, b) => a.localeCompare(b);
  const folders = [...place.folders].sort(([a], [b]) => byName(a, b)).flatMap(([name, inside]) => [
    { name, path: `${prefix}${name}/`, depth, folder: true },
    ...rows(inside, `${prefix}${name}/`, depth + 1),
  ]);
  const files = place.files
    .sort((a, b) => byName(a.name, b.name))
    .map(({ name, file }) => ({ name, path: file.path, depth, file }));
  return [...folders, ...files];
}

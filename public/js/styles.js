// Style sheets of screens that are not there from the start.
const asked = new Map();

/** Resolves when the sheets at these paths apply. Asking again is free; a failure may be tried again. */
export function styles(...paths) {
  return Promise.all(paths.map((path) => {
    if (!asked.has(path)) asked.set(path, add(path));
    return asked.get(path);
  }));
}

function add(path) {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: path });
  return new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => {
      link.remove();
      asked.delete(path);
      reject(new Error(path));
    };
    document.head.append(link);
  });
}

// What a Loadable has, or why it has nothing yet. Asks for what was not asked for yet.
import { html, useEffect } from "../lib.js";
import { ErrorState, LoadingRows } from "./states.js";

/** `children` is a function of the value. */
export function Loaded({ from, failed, rows = 3, children }) {
  const idle = from.status.value === "idle";
  useEffect(() => {
    if (idle) from.load();
  }, [from, idle]);
  if (from.status.value === "failed") return html`<${ErrorState}
    title=${failed}
    error=${from.error.value}
    onRetry=${() => from.load()}
  />`;
  if (from.value.value === null) return html`<${LoadingRows} rows=${rows} />`;
  return children(from.value.value);
}

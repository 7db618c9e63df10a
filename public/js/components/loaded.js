// What a Loadable has, or why it has nothing yet. Asks for it when it is first shown.
import { html, useEffect } from "../lib.js";
import { ErrorState, LoadingRows } from "./states.js";

/** `children` is a function of the value. */
export function Loaded({ from, failed, rows = 3, children }) {
  useEffect(() => {
    if (from.status.peek() === "idle") from.load();
  }, [from]);
  if (from.status.value === "failed") return html`<${ErrorState}
    title=${failed}
    error=${from.error.value}
    onRetry=${() => from.load()}
  />`;
  if (from.value.value === null) return html`<${LoadingRows} rows=${rows} />`;
  return children(from.value.value);
}

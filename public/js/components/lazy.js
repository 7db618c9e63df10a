// A component whose module is fetched when it is first needed. What the first screen does not show is
// not loaded with it; `begin` may be called earlier, when it is about to be needed.
import { html, signal } from "../lib.js";
import { text } from "../text.js";
import { ErrorState, LoadingRows } from "./states.js";

/** `load()` resolves to the component; `waiting` is drawn meanwhile. */
export function lazy(load, waiting = null) {
  const component = signal(null);
  const failed = signal(false);
  let begun = false;
  const begin = () => {
    if (begun) return;
    begun = true;
    failed.value = false;
    load().then(
      (loaded) => {
        component.value = loaded;
      },
      () => {
        begun = false;
        failed.value = true;
      },
    );
  };
  const Lazy = (properties) => {
    if (component.value) return html`<${component.value} ...${properties} />`;
    if (failed.value) return html`<${ErrorState} title=${text.loadFailed} onRetry=${begin} />`;
    begin();
    return waiting;
  };
  return Object.assign(Lazy, { begin });
}

export const loadingStage = html`<div class="stage column"><${LoadingRows} rows=${4} /></div>`;

// The lists of tasks follow from the agents' events: here they are made anew from them, and it is said whether they were
// right.
import { Icon } from "../components/icon.js";
import { html, useState } from "../lib.js";
import { text } from "./text.js";

const words = text.rebuild;

export function Rebuild({ app, mesh }) {
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState(null); // {events, tasks, equal}
  const make = () =>
    app.attempt(async () => {
      setBusy(true);
      setFound(null);
      try {
        setFound(await mesh.rebuild());
      } finally {
        setBusy(false);
      }
    });
  return html`<div class="mesh-foot">
    <button type="button" class="button small quiet" disabled=${busy} title=${words.hint} onClick=${make}><${Icon} name="repeat" />${busy ? words.busy : words.make}</button>
    <p class=${found?.equal === false ? "mesh-bad" : "hint"} role="status">${found && words.found(found)}</p>
  </div>`;
}

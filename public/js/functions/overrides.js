// What the owner said that words mean: looked at when it is unfolded, and forgotten one by one.
import { Icon, IconButton } from "../components/icon.js";
import { Loaded } from "../components/loaded.js";
import { html, useState } from "../lib.js";
import { TypeTag } from "./status_mark.js";
import { text } from "./text.js";

const words = text.overrides;

export function Overrides({ app, functions }) {
  const [open, setOpen] = useState(false);
  return html`<details class="fold fn-overrides" open=${open} onToggle=${(event) => setOpen(event.target.open)}>
    <summary><${Icon} name="chevron" />${words.title}</summary>
    ${open && html`<${Loaded} from=${functions.overrides} failed=${words.failed} rows=${1}>${(list) => html`<${List} app=${app} functions=${functions} list=${list} />`}<//>`}
  </details>`;
}

function List({ app, functions, list }) {
  if (list.length === 0) return html`<p class="hint">${words.empty}</p>`;
  return html`<ul>
    ${list.map(
      ({ key, description, type }) => html`<li class="fn-override" key=${key}>
        <${TypeTag} type=${type} /><span class="fn-override-words">${description}</span>
        <${IconButton} icon="close" label=${words.forget(description)} onClick=${() => app.attempt(() => functions.forget(key))} />
      </li>`,
    )}
  </ul>`;
}

// Parts of a screen behind tabs: arrow keys go between them, only the chosen one is drawn.
import { html, useRef } from "../lib.js";

/** `tabs` is `{name: {label, content}}`. */
export function Tabs({ label, tabs, chosen, onChoose }) {
  const row = useRef(null);
  const names = Object.keys(tabs);
  const walk = (event) => {
    const at = names.indexOf(chosen);
    const target = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const index = (target + names.length) % names.length;
    onChoose(names[index]);
    row.current.children[index].focus();
  };
  return html`
    <div class="tabs" role="tablist" aria-label=${label} ref=${row} onKeyDown=${walk}>
      ${names.map(
        (name) => html`<button
          type="button"
          role="tab"
          id=${`tab-${name}`}
          aria-selected=${name === chosen}
          aria-controls="tab-panel"
          tabindex=${name === chosen ? 0 : -1}
          onClick=${() => onChoose(name)}
        >${tabs[name].label}</button>`,
      )}
    </div>
    <div class=${`tab-panel part-${chosen}`} role="tabpanel" id="tab-panel" tabindex="0" aria-labelledby=${`tab-${chosen}`}>${tabs[chosen].content}</div>
  `;
}

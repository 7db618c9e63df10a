// The command palette: everything that can be done and every chat, found by typing.
import { html, useEffect, useRef, useState } from "../lib.js";
import { paletteEntries } from "../palette_entries.js";
import { text } from "../text.js";
import { Icon } from "./icon.js";
import { Modal } from "./modal.js";

export function Palette({ app, onClose }) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef(null);
  const entries = paletteEntries(app, query);
  const chosen = Math.min(at, entries.length - 1);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const run = (entry) => {
    onClose();
    entry.run();
  };
  const key = (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && entries.length) {
      event.preventDefault();
      setAt((chosen + step + entries.length) % entries.length);
    } else if (event.key === "Enter" && entries[chosen]) {
      event.preventDefault();
      run(entries[chosen]);
    }
  };
  return html`<${Modal} class="palette" label=${text.palette.label} onClose=${onClose}>
    <label class="search large"><${Icon} name="search" />
      <input
        autofocus
        role="combobox"
        aria-expanded=${entries.length > 0}
        aria-controls="palette-list"
        aria-autocomplete="list"
        aria-activedescendant=${entries.length ? `palette-${chosen}` : null}
        aria-label=${text.palette.label}
        placeholder=${text.palette.placeholder}
        value=${query}
        onInput=${(event) => (setQuery(event.target.value), setAt(0))}
        onKeyDown=${key}
      />
    </label>
    <ul id="palette-list" ref=${list} role="listbox" aria-label=${text.palette.label}>
      ${entries.map(
        (entry, index) => html`<li
          key=${entry.key}
          id=${`palette-${index}`}
          role="option"
          aria-selected=${index === chosen}
          onClick=${() => run(entry)}
          onMouseMove=${() => setAt(index)}
        >
          <${Icon} name=${entry.icon} /><span>${entry.label}</span><small>${entry.group}</small>
        </li>`,
      )}
    </ul>
    ${entries.length === 0 && html`<p class="nothing">${text.palette.empty}</p>`}
    <p class="hint">${text.palette.hint}</p>
  <//>`;
}

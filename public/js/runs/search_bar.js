// The box that looks for words in the output: how many there are, the next one, the one before.
import { html, useEffect, useRef } from "../lib.js";
import { announce } from "../announcer.js";
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { MOST_HITS } from "./log_search.js";
import { text } from "./text.js";

const WAIT_MS = 150; // between the last key and the search

export function SearchBar({ search }) {
  const timer = useRef(0);
  const box = useRef(null);
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (words) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => (search.look(words), tell(search)), words ? WAIT_MS : 0);
  };
  const press = (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      step(search, event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape" && search.query.peek()) {
      event.preventDefault();
      box.current.value = "";
      search.look("");
    }
  };
  return html`<div class="search-bar" role="search">
    <label class="search">
      <${Icon} name="search" />
      <input
        ref=${box}
        type="search"
        aria-label=${text.output.search}
        placeholder=${text.output.searchPlaceholder}
        defaultValue=${search.query.peek()}
        onInput=${(event) => type(event.target.value)}
        onKeyDown=${press}
      />
    </label>
    ${search.query.value.trim() && html`<${Found} search=${search} />`}
  </div>`;
}

function Found({ search }) {
  const none = search.count.value === 0;
  return html`<span class="found">
    <span class="found-count">${words(search)}</span>
    <button type="button" class="icon-button" aria-label=${text.output.previous} title=${text.output.previous} disabled=${none} onClick=${() => step(search, -1)}>
      <${Glyph} name="up" />
    </button>
    <button type="button" class="icon-button" aria-label=${text.output.next} title=${text.output.next} disabled=${none} onClick=${() => step(search, 1)}>
      <${Glyph} name="down" />
    </button>
  </span>`;
}

function step(search, by) {
  search.move(by);
  tell(search);
}

const words = (search) => text.output.found(search.at.value + 1, search.count.value, search.count.value >= MOST_HITS);

function tell(search) {
  if (search.query.peek().trim()) announce(words(search));
}

// The side with all chats: a new one, search, the list, and the page's own settings at its foot.
import { html, useState } from "../lib.js";
import { ageGroup } from "../dates.js";
import { address, route } from "../router.js";
import { freshTalk } from "../shortcuts.js";
import { text } from "../text.js";
import { openDialog } from "../ui.js";
import { Icon, IconButton, Logo } from "./icon.js";
import { lazy } from "./lazy.js";
import { SessionRow } from "./session_row.js";
import { EmptyState, ErrorState, LoadingRows } from "./states.js";
import { ThemeSwitch } from "./theme_switch.js";

const SearchResults = lazy(async () => (await import("./search_results.js")).SearchResults);
const WAIT_MS = 200; // between the last key and the search

export function SessionList({ app, onChosen = () => {}, onClose = null }) {
  const [query, setQuery] = useState("");
  const look = debounced((words) => app.sessions.search(words));
  const type = (words) => {
    setQuery(words);
    look(words);
  };
  return html`
    <header class="side-head">
      <span class="brand"><${Logo} />${text.name}</span>
      ${onClose && html`<${IconButton} icon="close" label=${text.close} onClick=${onClose} />`}
    </header>
    <div class="side-tools">
      <button
        type="button"
        class="button fresh"
        onClick=${() => (onChosen(), freshTalk())}
      ><${Icon} name="edit" />${text.sessions.fresh}</button>
      <label class="search">
        <${Icon} name="search" />
        <input
          type="search"
          aria-label=${text.sessions.search}
          placeholder=${text.sessions.searchPlaceholder}
          value=${query}
          onInput=${(event) => type(event.target.value)}
        />
      </label>
    </div>
    <div class="side-body">
      ${query.trim() ? html`<${SearchResults}
        app=${app}
        query=${query}
        onChosen=${onChosen}
      />` : html`<${Everything} app=${app} onChosen=${onChosen} />`}
    </div>
    ${app.guest && app.sessions.list.value.length > 0 && html`<a class="keep" href=${address("account")} onClick=${onChosen}>
      <${Icon} name="account" />${text.places.keep}
    </a>`}
    <footer class="side-foot">
      <${ThemeSwitch} />
      <${IconButton} icon="keyboard" label=${text.shortcuts.show} onClick=${() => openDialog("shortcuts")} />
    </footer>
  `;
}

function Everything({ app, onChosen }) {
  const { list, status, error, cursor } = app.sessions;
  if (status.value === "loading") return html`<${LoadingRows} rows=${6} />`;
  if (status.value === "failed") return html`<${ErrorState}
    title=${text.sessions.failed}
    error=${error.value}
    onRetry=${() => app.sessions.load()}
  />`;
  if (list.value.length === 0) return html`<${EmptyState}
    icon="wave"
    title=${text.sessions.empty}
    hint=${text.sessions.emptyHint}
  />`;
  const groups = Object.entries(Object.groupBy(list.value, (session) => ageGroup(session.updatedAt)));
  return html`
    ${groups.map(
      ([age, sessions]) => html`<section key=${age} class="session-group">
        <h2>${text.sessions.groups[age]}</h2>
        <ul>${sessions.map((session) => html`<${SessionRow}
          key=${session.id}
          app=${app}
          session=${session}
          current=${session.id === route.value.sessionId}
          onChosen=${onChosen}
        />`)}</ul>
      </section>`,
    )}
    ${cursor.value && html`<button
      type="button"
      class="button quiet wide"
      onClick=${() => app.attempt(() => app.sessions.more())}
    >${text.more}</button>`}
  `;
}

let timer = null;
function debounced(action) {
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), WAIT_MS);
  };
}

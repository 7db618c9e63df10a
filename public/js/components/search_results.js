// What a search found. The server marks the matching words with two control characters, so the snippet
// is text all the way.
import { html } from "../lib.js";
import { address } from "../router.js";
import { text } from "../text.js";
import { EmptyState, ErrorState, LoadingRows } from "./states.js";

export function SearchResults({ app, query, onChosen }) {
  const { results, searching, error } = app.sessions;
  if (error.value && !searching.value) return html`<${ErrorState}
    title=${error.value.message}
    error=${error.value}
    onRetry=${() => app.sessions.search(query)}
  />`;
  if (results.value === null) return html`<${LoadingRows} rows=${3} />`;
  if (results.value.length === 0) return html`<${EmptyState}
    icon="search"
    title=${text.sessions.none(query.trim())}
  />`;
  return html`<ul class="results" aria-busy=${searching.value}>
    ${results.value.map(
      (result) => html`<li key=${result.messageId ?? result.sessionId}>
        <a class="result" href=${address("chat", result.sessionId)} onClick=${onChosen}>
          <span class="session-title">${result.title || text.sessions.untitled}</span>
          <span class="snippet">${marked(result.snippet)}</span>
        </a>
      </li>`,
    )}
  </ul>`;
}

/** "a\u0002b\u0003c" → a, <mark>b</mark>, c */
export function marked(snippet = "") {
  return snippet.split("\u0002").flatMap((piece, index) => {
    if (index === 0) return [piece];
    const [match, rest = ""] = piece.split("\u0003");
    return [html`<mark>${match}</mark>`, rest];
  });
}

// The address bar as a signal. Routes live in the fragment (#/s/<session>), so that the page is one
// static file on any host and a session's id is never sent to a server as part of a page's address.
// A later screen is one more line in ROUTES and one in components/screen.js.
import { signal } from "./reactive.js";

const ROUTES = [
  { name: "chat", pattern: /^\/s\/([\w-]{1,128})$/, build: (sessionId) => `/s/${sessionId}` },
  { name: "new", pattern: /^\/?$/, build: () => "/" },
];

export const route = signal({ name: "new", sessionId: null });

export function parse(fragment) {
  const path = fragment.replace(/^#/, "");
  for (const { name, pattern } of ROUTES) {
    const match = pattern.exec(path);
    if (match) return { name, sessionId: match[1] ?? null };
  }
  return { name: "missing", sessionId: null };
}

export function address(name, sessionId) {
  return `#${ROUTES.find((candidate) => candidate.name === name).build(sessionId)}`;
}

/** Goes to a screen; `replace` leaves no entry to go back to. */
export function go(name, sessionId = null, { replace = false } = {}) {
  const target = address(name, sessionId);
  if (target === location.hash || (name === "new" && !location.hash)) return;
  if (replace) history.replaceState(null, "", target);
  else history.pushState(null, "", target);
  route.value = parse(target);
}

export function startRouter() {
  const read = () => {
    route.value = parse(location.hash);
  };
  addEventListener("popstate", read);
  addEventListener("hashchange", read);
  read();
}

// The address bar as a signal. Routes live in the fragment (#/s/<session>), so that the page is one
// static file on any host and a session's id is never sent to a server as part of a page's address.
// A later screen is a line in ROUTES, one in components/screen.js, and its place's name in PLACES.
import { computed, signal } from "./reactive.js";

const ID = "([\\w-]{1,128})";
/** What the navigation offers, in its order. Routes to a place that is not among these lead nowhere. */
export const PLACES = ["chat", "runs", "builds", "functions", "agents", "mesh", "operations", "account"];
/** name → path, where `*` is an id; place is what the navigation shows as the current one. */
const ROUTES = [
  { name: "new", place: "chat", path: "/" },
  { name: "chat", place: "chat", path: "/s/*" },
  { name: "runs", place: "runs", path: "/runs" },
  { name: "run", place: "runs", path: "/runs/*" },
  { name: "terminal", place: "runs", path: "/terminal/*" },
  { name: "builds", place: "builds", path: "/builds" },
  { name: "build", place: "builds", path: "/builds/*" },
  { name: "functions", place: "functions", path: "/functions" },
  { name: "inbox", place: "functions", path: "/functions/inbox" },
  { name: "job", place: "functions", path: "/functions/jobs/*" },
  { name: "agents", place: "agents", path: "/agents" },
  { name: "agent", place: "agents", path: "/agents/*" },
  { name: "executions", place: "agents", path: "/executions" },
  { name: "execution", place: "agents", path: "/executions/*" },
  { name: "mesh", place: "mesh", path: "/mesh" },
  { name: "meshPart", place: "mesh", path: "/mesh/*" },
  { name: "meshTask", place: "mesh", path: "/mesh/tasks/*" },
  { name: "meshAgent", place: "mesh", path: "/mesh/agents/*" },
  { name: "operations", place: "operations", path: "/operations" },
  { name: "operation", place: "operations", path: "/operations/*" },
  { name: "trace", place: "operations", path: "/operations/traces/*" },
  { name: "account", place: "account", path: "/account" },
].map((each) => ({ ...each, pattern: new RegExp(`^${each.path.replace("*", ID)}$`) }));

/** `{name, place, id, sessionId}`; sessionId is the id when it is a chat's. */
export const route = signal(parse(""));
export const place = computed(() => route.value.place);
/** The talk that was shown last: where "Chat" leads from other places. */
export const lastTalk = signal({ name: "new", id: null });
/** Whether the person has gone anywhere since the page was loaded: only then does the focus move. */
export let moved = false;

export function parse(fragment) {
  const path = fragment.replace(/^#/, "") || "/";
  for (const { name, place, pattern } of ROUTES) {
    const match = PLACES.includes(place) && pattern.exec(path);
    const id = match?.[1] ?? null;
    if (match) return { name, place, id, sessionId: place === "chat" ? id : null };
  }
  return { name: "missing", place: "chat", id: null, sessionId: null };
}

export function address(name, id) {
  return `#${ROUTES.find((candidate) => candidate.name === name).path.replace("*", id)}`;
}

/** Goes to a screen; `replace` leaves no entry to go back to. */
export function go(name, id = null, { replace = false } = {}) {
  const target = address(name, id);
  if (target === location.hash || (name === "new" && !location.hash)) return;
  if (replace) history.replaceState(null, "", target);
  else history.pushState(null, "", target);
  show(target);
}

export function goToTalk() {
  const { name, id } = lastTalk.peek();
  if (place.peek() !== "chat") go(name, id);
}

export function startRouter() {
  const read = () => show(location.hash);
  addEventListener("popstate", read);
  addEventListener("hashchange", read);
  read();
  moved = false;
}

function show(fragment) {
  moved = true;
  route.value = parse(fragment);
  const { name, place, id } = route.peek();
  if (place === "chat" && name !== "missing") lastTalk.value = { name, id };
}

// The page /docs: reads /openapi.json and shows it. Nothing is sent anywhere else.

import { element, prose } from "./element.js";
import { operationView } from "./operation.js";

const TITLES = {
  chat: "Chat",
  sessions: "Sessions",
  tasks: "Tasks",
  account: "You",
  operations: "Operations",
};

function operationsByTag(document_) {
  const groups = new Map();
  for (const [path, methods] of Object.entries(document_.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags?.[0] ?? "other";
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push({ method, path, operation });
    }
  }
  return groups;
}

function contents(groups) {
  return [...groups].map(([tag, found]) => [
    element("h2", null, TITLES[tag] ?? tag),
    element(
      "ul",
      null,
      found.map(({ method, path, operation }) =>
        element(
          "li",
          null,
          element(
            "a",
            { href: `#${operation.operationId}` },
            element("span", { class: `method ${method}` }, method.toUpperCase()),
            " ",
            path.replace("/api", "").replace("{sessionId}", "…"),
          ),
        ),
      ),
    ),
  ]);
}

async function show() {
  const state = document.getElementById("state");
  const response = await fetch("/openapi.json");
  if (!response.ok) {
    state.textContent = `The description could not be read (${response.status}). Reload the page to try again.`;
    return;
  }
  const document_ = await response.json();
  const groups = operationsByTag(document_);
  document.getElementById("contents").append(...contents(groups).flat());
  const sections = [...groups].map(([tag, found]) =>
    element(
      "section",
      { "aria-label": TITLES[tag] ?? tag },
      element("h2", null, TITLES[tag] ?? tag),
      found.map((each) => operationView(document_, each.method, each.path, each.operation)),
    ),
  );
  const about = element("p", { class: "about" }, prose(document_.info.description));
  document.getElementById("routes").append(about, ...sections);
  state.textContent = "";
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

show();

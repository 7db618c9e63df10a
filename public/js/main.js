// Wiring, and nothing else: makes the models, joins them to the browser, draws the page.
import { Api } from "./api.js";
import { App } from "./app.js";
import { html, render } from "./lib.js";
import { Page } from "./components/page.js";
import { effect } from "./reactive.js";
import { route, startRouter } from "./router.js";
import { elsewhere, socketAt } from "./server.js";
import { listenForShortcuts } from "./shortcuts.js";
import { AgentSocket } from "./socket.js";
import { online, prefill } from "./ui.js";
import { AGENT_KIND } from "./wire.js";

const newId = () => crypto.randomUUID();
const connectionId = newId();

function openSocket(sessionId, handlers) {
  const path = `/agents/${AGENT_KIND}/${encodeURIComponent(sessionId)}?_pk=${connectionId}`;
  return new AgentSocket(socketAt(path), handlers);
}

/** Before the next paint; a hidden page paints nothing, so there a timer does it. */
function schedule(callback) {
  if (document.hidden) setTimeout(callback, 100);
  else requestAnimationFrame(callback);
}

const app = new App({ api: new Api(), openSocket, localStorage, sessionStorage, newId, schedule });

function takeQuestion() {
  const question = new URLSearchParams(location.search).get("q");
  if (!question) return;
  prefill.value = question; // only into the box: a link must not speak for the person
  history.replaceState(null, "", location.pathname + location.hash);
}

startRouter();
takeQuestion();
effect(() => {
  const { place, sessionId } = route.value;
  if (app.started.value === "ready" && place === "chat") app.open(sessionId); // elsewhere it stays open
});
addEventListener("online", () => {
  online.value = true;
  app.chat.peek()?.socket.check();
  if (app.started.peek() !== "ready") app.start();
});
addEventListener("offline", () => {
  online.value = false;
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) app.chat.peek()?.socket.check();
});
addEventListener("pagehide", () => app.sessions.confirmAll());
listenForShortcuts(app);
const root = document.getElementById("app");
if (elsewhere) import("./downloads.js").then(({ takeDownloads }) => takeDownloads((error) => app.refused(error)));
root.replaceChildren(); // the splash has done its work
render(html`<${Page} app=${app} />`, root);
app.start();

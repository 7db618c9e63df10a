// The box in which somebody says what should change. While it is being built the words wait for the next phase;
// afterwards they become a phase of their own.
import { Icon } from "../components/icon.js";
import { html, useState } from "../lib.js";
import { hasEnded } from "./states.js";
import { text } from "./text.js";

const LONGEST = 4_000;
const words = text.message;

export function MessageBox({ app, open, build }) {
  const key = `build ${build.sessionId}`;
  const [message, setMessage] = useState(() => app.drafts.read(key));
  const over = message.length - LONGEST;
  const change = (next) => {
    setMessage(next);
    app.drafts.write(key, next);
  };
  const send = async (event) => {
    event.preventDefault();
    const said = message.trim();
    if (!said || over > 0 || open.busy.peek()) return;
    if (await app.attempt(() => open.act("message", { message: said }))) change("");
  };
  const keys = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) send(event);
  };
  const waiting = build.queuedMessages;
  return html`<form class="build-message" onSubmit=${send}>
    ${waiting.length > 0 && html`<details class="waiting-words"><summary>${words.queued(waiting.length)}</summary>
      <ul>${waiting.map((each) => html`<li key=${each.number}>${each.text}</li>`)}</ul></details>`}
    <div class="build-say">
      <textarea
        rows="1"
        value=${message}
        aria-label=${words.label}
        aria-describedby="build-message-hint"
        placeholder=${words.placeholder[hasEnded(build.status) ? "ended" : "busy"]}
        enterkeyhint="send"
        onInput=${(event) => change(event.target.value)}
        onKeyDown=${keys}
      ></textarea>
      <button class="round send" aria-label=${words.send} title=${words.send} disabled=${!message.trim() || over > 0 || open.busy.value !== null}>
        <${Icon} name="arrowUp" />
      </button>
    </div>
    <p id="build-message-hint" class=${over > 0 ? "field-wrong" : "unseen"}>${over > 0 ? words.long(over) : hint(build)}</p>
  </form>`;
}

function hint({ status }) {
  if (status === "waiting" || status === "drafting") return words.hint.waiting;
  return hasEnded(status) ? words.hint.ended : words.hint.busy;
}

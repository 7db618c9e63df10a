// The box to write in: grows with its words, keeps a draft per session, sends on Enter (never while an
// input method is composing), and turns into Stop while an answer runs.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../lib.js";
import { route } from "../router.js";
import { text } from "../text.js";
import { focusWish, prefill } from "../ui.js";
import { Icon } from "./icon.js";

const FALLBACK_LIMIT = 20_000;

export function Composer({ app, chat, onWords }) {
  const sessionId = chat?.sessionId ?? route.value.sessionId;
  const [words, setWords] = useState(() => app.drafts.read(sessionId));
  const box = useRef(null);
  const limit = app.me.value?.limits?.messageCharacters ?? FALLBACK_LIMIT;
  const over = words.length - limit;
  const running = chat?.turns.current.value;
  const change = (next) => {
    setWords(next);
    onWords(); // an answer is near: what shows it is fetched while the person types
    app.drafts.write(sessionId, next);
  };
  usePrefill(change);
  useFocusWish(box);
  useGrowth(box, words);
  const send = async () => {
    const message = words.trim();
    if (!message || over > 0 || app.creating.value) return;
    const sent = app.send(message); // at once in an open session, so that the box is empty at once too
    if (app.chat.value) change("");
    if (!(await sent) || app.chat.value === chat) return;
    app.drafts.write(sessionId, "");
    focusWish.value = "composer"; // the session is new, and so is its box
  };
  const key = (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && words === "") {
      [...document.querySelectorAll("[data-edit]")].at(-1)?.click();
    }
  };
  return html`<form class="composer" onSubmit=${(event) => (event.preventDefault(), send())}>
    <textarea
      id="composer"
      ref=${box}
      rows="1"
      value=${words}
      aria-label=${text.composer.label}
      aria-describedby="composer-hint"
      placeholder=${text.composer.placeholder}
      enterkeyhint="send"
      onInput=${(event) => change(event.target.value)}
      onKeyDown=${key}
    ></textarea>
    ${running && !words.trim()
      ? html`<button
        type="button"
        class="round stop"
        aria-label=${text.composer.stop}
        title=${text.composer.stop}
        onClick=${() => chat.stop()}
      ><${Icon} name="stop" /></button>`
      : html`<button
        class="round send"
        aria-label=${text.composer.send}
        title=${text.composer.send}
        disabled=${!words.trim() || over > 0 || app.creating.value}
      ><${Icon} name="arrowUp" /></button>`}
    <p
      id="composer-hint"
      class=${over > 0 ? "over" : "unseen"}
      role=${over > 0 ? "alert" : null}
    >${over > 0 ? text.composer.tooLong(over) : text.composer.hint}</p>
  </form>`;
}

function usePrefill(change) {
  const offered = prefill.value;
  useEffect(() => {
    if (!offered) return;
    change(offered);
    prefill.value = null;
  }, [offered]);
}

function useFocusWish(box) {
  const wished = focusWish.value;
  useEffect(() => {
    if (wished !== "composer") return;
    box.current.focus();
    focusWish.value = null;
  }, [wished]);
}

function useGrowth(box, words) {
  useLayoutEffect(() => {
    const area = box.current;
    if (CSS.supports("field-sizing", "content")) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [words]);
}

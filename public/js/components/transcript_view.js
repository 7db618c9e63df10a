// The log of messages: follows the newest only while the reader is at the bottom, and fetches older
// ones at the top. It is not live for screen readers while an answer streams (announcer.js speaks).
import { html, useEffect, useLayoutEffect, useRef, useSignal } from "../lib.js";
import { text } from "../text.js";
import { Icon, IconButton } from "./icon.js";
import { MessageView } from "./message_view.js";
import { TurnStatus } from "./turn_status.js";

const NEAR_PX = 64;

export function TranscriptView({ app, chat }) {
  const box = useRef(null);
  const inner = useRef(null);
  const following = useSignal(true);
  const messages = chat.transcript.messages.value;
  const lastQuestion = messages.findLast((message) => message.role === "user");
  useFollow(box, inner, following);
  useOlder(box, chat);
  useEffect(() => {
    following.value = true; // what I say myself, I want to see
    toBottom(box.current);
  }, [lastQuestion?.id]);
  return html`<div class="stage scroller" ref=${box} tabindex="0" role="region" aria-label=${text.chat.log}>
    <div class="column" ref=${inner} role="log" aria-live="off" aria-label=${text.chat.log}>
      ${chat.transcript.before.value && html`<button
        type="button"
        class="button quiet wide"
        disabled=${chat.loadingOlder.value}
        onClick=${() => app.attempt(() => chat.older())}
      >${chat.loadingOlder.value ? text.loading : text.chat.older}</button>`}
      ${messages.length === 0 && html`<p class="nothing">${text.chat.empty}</p>`}
      ${messages.map((message, index) => html`<${MessageView}
        key=${message.id}
        app=${app}
        chat=${chat}
        message=${message}
        last=${index === messages.length - 1}
      />`)}
      <${TurnStatus} app=${app} chat=${chat} />
    </div>
    ${!following.value && html`<div class="jump"><${IconButton}
      icon="arrowDown"
      label=${text.chat.jump}
      onClick=${() => ((following.value = true), toBottom(box.current, "smooth"))}
    /></div>`}
  </div>`;
}

function useFollow(box, inner, following) {
  useEffect(() => {
    const scroller = box.current;
    let height = scroller.scrollHeight;
    const moved = () => {
      const grew = scroller.scrollHeight !== height; // growth is not the reader's doing
      height = scroller.scrollHeight;
      const distance = height - scroller.scrollTop - scroller.clientHeight;
      if (!grew || distance < NEAR_PX) following.value = distance < NEAR_PX;
    };
    const leave = (event) => {
      if (event.deltaY < 0) following.value = false;
    };
    const observer = new ResizeObserver(() => following.peek() && toBottom(scroller));
    observer.observe(inner.current);
    observer.observe(scroller);
    scroller.addEventListener("scroll", moved, { passive: true });
    scroller.addEventListener("wheel", leave, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener("scroll", moved);
      scroller.removeEventListener("wheel", leave);
    };
  }, []);
}

/** Older messages are put in front without moving what is being read. */
function useOlder(box, chat) {
  const first = chat.transcript.messages.value[0]?.id;
  const known = useRef({ first, height: 0, top: 0 });
  useEffect(() => {
    const scroller = box.current;
    const near = () => {
      const atTop = scroller.scrollTop < NEAR_PX && scroller.scrollHeight > scroller.clientHeight;
      if (atTop) chat.older().catch(() => {}); // the button above stays for another try
    };
    scroller.addEventListener("scroll", near, { passive: true });
    return () => scroller.removeEventListener("scroll", near);
  }, [chat]);
  if (box.current) Object.assign(known.current, { height: box.current.scrollHeight, top: box.current.scrollTop });
  useLayoutEffect(() => {
    const { first: before, height, top } = known.current;
    known.current.first = first;
    if (before && before !== first && height) box.current.scrollTop = top + box.current.scrollHeight - height;
  }, [first]);
}

function toBottom(scroller, behavior = "instant") {
  scroller?.scrollTo({ top: scroller.scrollHeight, behavior });
}

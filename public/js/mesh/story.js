// All events of one task, as the picture of who sent what to whom and as a list.
import { ErrorState, LoadingRows } from "../components/states.js";
import { html, useEffect, useMemo, useState } from "../lib.js";
import { causalOrder } from "./causal_order.js";
import { EventRows } from "./event_row.js";
import { Picture } from "./picture.js";
import { text } from "./text.js";

const CHUNK = 100;
const NONE = [];

function Story({ open, task, children }) {
  useEffect(() => open.tell(task.correlationId), [open, task.correlationId]);
  const list = open.story.value;
  const found = list?.events.value ?? NONE;
  const events = useMemo(() => causalOrder(found), [found]);
  if (list?.status.value === "failed") return html`<${ErrorState} title=${text.log.failed} error=${list.error.value} onRetry=${() => list.load()} />`;
  if (list?.status.value !== "ready") return html`<${LoadingRows} rows=${4} />`;
  return html`${list.cut.value && html`<p class="hint">${text.replay.cut(events.length)}</p>`}${children(events)}`;
}

export function StoryPicture({ open, task }) {
  const [step, setStep] = useState(0);
  return html`<${Story} open=${open} task=${task}>${(events) => html`<${Picture} events=${events} current=${step} onStep=${setStep} />`}<//>`;
}

export function StoryEvents({ open, task, mesh }) {
  const [shown, setShown] = useState(CHUNK);
  return html`<${Story} open=${open} task=${task}>${(events) => html`
    <${EventRows} events=${events.slice(0, shown)} mesh=${mesh} />
    ${events.length > shown && html`<button type="button" class="button quiet wide" onClick=${() => setShown(shown + CHUNK)}>${text.part.more(Math.min(CHUNK, events.length - shown))}</button>`}`}
  <//>`;
}

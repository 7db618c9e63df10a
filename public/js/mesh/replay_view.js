// A replay as it is played: the badge, the controls, the step that is shown, the state after it, who sent what to whom,
// and the proof that the fold is equal to what is live.
import { exactClock } from "../components/measures.js";
import { exactTime } from "../dates.js";
import { html, useEffect, useRef } from "../lib.js";
import { sentence } from "./event_row.js";
import { FoldView } from "./fold_view.js";
import { Picture } from "./picture.js";
import { ProofCard } from "./proof_card.js";
import { ReplayBar } from "./replay_bar.js";
import { text } from "./text.js";

const words = text.replay;

export function ReplayView({ mesh, replay }) {
  const { list } = replay;
  const section = useRef(null);
  useEffect(() => section.current.scrollIntoView({ block: "nearest" }), [replay]);
  return html`<section class="mesh-replay" ref=${section} aria-label=${words.badge}>
    <header class="mesh-replay-head">
      <span class="mesh-badge">${words.badge}</span>
      <p>${replay.filter.agent ?? replay.filter.correlationId}</p>
      <p class="hint">${words.badgeHint}</p>
      <button type="button" class="button small quiet" onClick=${() => mesh.leaveReplay()}>${words.leave}</button>
    </header>
    ${replay.filter.agent && list.events.value[0].number > 1 && html`<p class="hint">${words.begun(list.events.value[0].number)}</p>`}
    ${list.cut.value && html`<p class="hint">${words.cut(list.events.value.length)}</p>`}
    <${ReplayBar} replay=${replay} />
    <${Moment} replay=${replay} />
    <div class="mesh-replay-parts">
      <${FoldView} replay=${replay} />
      <${Picture} events=${replay.events.value} current=${replay.at.value} onStep=${(step) => replay.step(step)} />
    </div>
    <${ProofCard} replay=${replay} />
  </section>`;
}

function Moment({ replay }) {
  const event = replay.event.value;
  if (!event) return html`<p class="mesh-moment">${words.before}</p>`;
  return html`<p class="mesh-moment">
    <time datetime=${event.at} title=${exactTime(event.at)}>${exactClock(event.at)}</time>
    <b>${event.agent}</b> <span>${sentence(event)}</span> <span class="mesh-type">${event.type}</span>
  </p>`;
}

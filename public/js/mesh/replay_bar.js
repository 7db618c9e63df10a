// The controls of a replay: to the beginning, back, play, on, to the end; a slider; how fast it plays.
import { announce } from "../announcer.js";
import { Glyph } from "../components/glyph.js";
import { Segments } from "../components/segments.js";
import { html, useEffect } from "../lib.js";
import { sentence } from "./event_row.js";
import { text } from "./text.js";

const words = text.replay;

export function ReplayBar({ replay }) {
  const at = replay.at.value;
  const all = replay.length.value;
  const playing = replay.playing.value;
  const event = replay.event.value;
  const said = event ? `${words.at(at, all)}: ${event.agent} ${sentence(event)}` : words.before;
  useEffect(() => {
    if (!playing && at > 0) announce(said);
  }, [at, playing]);
  return html`<div class="mesh-bar" role="group" aria-label=${words.controls}>
    <div class="mesh-buttons">
      <${Button} glyph="first" label=${words.first} disabled=${at === 0} onClick=${() => replay.step(0)} />
      <${Button} glyph="back" label=${words.back} disabled=${at === 0} onClick=${() => replay.step(at - 1)} />
      <${Button} class="primary" glyph=${playing ? "pause" : "play"} label=${playing ? words.pause : words.play} onClick=${() => (playing ? replay.pause() : replay.play())} />
      <${Button} glyph="next" label=${words.next} disabled=${at === all} onClick=${() => replay.step(at + 1)} />
      <${Button} glyph="last" label=${words.last} disabled=${at === all} onClick=${() => replay.step(all)} />
    </div>
    <label class="mesh-slider"><span>${words.at(at, all)}</span><input
      type="range"
      min="0"
      max=${all}
      value=${at}
      aria-label=${words.slider}
      aria-valuetext=${said}
      onInput=${(changed) => replay.step(Number(changed.target.value))}
    /></label>
    <${Segments} label=${words.speed} options=${words.speeds} chosen=${replay.speed.value} onChoose=${(speed) => (replay.speed.value = Number(speed))} />
  </div>`;
}

const PATHS = { first: "M7 6v12M18 6l-8 6 8 6z", back: "M15 6l-7 6 7 6z", next: "M9 6l7 6-7 6z", last: "M17 6v12M6 6l8 6-8 6z" };

function Button({ glyph, label, class: extra = "", ...rest }) {
  const drawing = PATHS[glyph] ? html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${PATHS[glyph]} /></svg>` : html`<${Glyph} name=${glyph} />`;
  return html`<button type="button" class=${`mesh-control ${extra}`} aria-label=${label} title=${label} ...${rest}>${drawing}</button>`;
}

// What a run prints, as it prints it: the bar with its tools and the log itself. The log is not live for
// screen readers; the announcer says how the run ends.
import { html, useEffect, useRef, useSignal } from "../lib.js";
import { CopyButton } from "../components/copy_button.js";
import { toEnd, useFollow } from "../components/follow.js";
import { Icon, IconButton } from "../components/icon.js";
import { LogBlock } from "./log_block.js";
import { SearchBar } from "./search_bar.js";
import { text } from "./text.js";

const STREAMS = { all: null, stdout: "stdout", stderr: "stderr" };

export function OutputView({ app, open, ended }) {
  const { log, search } = open;
  const stream = search.stream.value;
  return html`<section class="output" aria-label=${text.output.label}>
    <div class="output-bar">
      <${SearchBar} search=${search} />
      <${StreamChoice} search=${search} />
      <span class="output-tools">
        <${CopyButton} words=${() => log.text(stream)} toasts=${app.toasts} label=${text.output.copy} />
        <a class="icon-button" href=${open.outputAddress(stream)} download aria-label=${text.output.download} title=${text.output.download}>
          <${Icon} name="download" />
        </a>
      </span>
    </div>
    <${Log} log=${log} search=${search} ended=${ended} />
  </section>`;
}

function StreamChoice({ search }) {
  return html`<fieldset class="segments streams">
    <legend class="unseen">${text.output.stream}</legend>
    ${Object.entries(STREAMS).map(
      ([name, value]) => html`<label><input
        type="radio"
        name="stream"
        checked=${search.stream.value === value}
        onChange=${() => (search.stream.value = value)}
      /><span>${text.output.streams[name]}</span></label>`,
    )}
  </fieldset>`;
}

function Log({ log, search, ended }) {
  const box = useRef(null);
  const inner = useRef(null);
  const following = useSignal(!ended); // a run that is over is read from its beginning
  const blocks = log.blocks.value;
  const shown = search.stream.value;
  useFollow(box, inner, following);
  useEffect(() => {
    if (!search.current) return;
    following.value = false;
    const show = () => box.current?.querySelector("mark.current")?.scrollIntoView({ block: "center" });
    requestAnimationFrame(show); // the mark is drawn first
  }, [search.at.value, search.query.value]);
  return html`<div class="log-frame">
    <div
      class=${`log ${shown ? `only-${shown}` : ""}`}
      ref=${box}
      tabindex="0"
      role="log"
      aria-live="off"
      aria-label=${text.output.label}
    >
      <div class="log-inner" ref=${inner}>
        ${blocks.map((block) => html`<${LogBlock} key=${block.number} block=${block} search=${search} />`)}
      </div>
      ${!log.printed.value && html`<p class="nothing">${ended ? text.output.empty : text.output.emptyYet}</p>`}
    </div>
    ${!following.value && !ended && html`<div class="log-jump"><${IconButton}
      icon="arrowDown"
      label=${text.output.jump}
      onClick=${() => ((following.value = true), toEnd(box.current))}
    /></div>`}
  </div>`;
}

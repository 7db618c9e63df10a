// Choosing what is replayed, and the replay.
import { Segments } from "../components/segments.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { Field } from "../components/field.js";
import { html, useState } from "../lib.js";
import { agentNames } from "./event_filters.js";
import { ReplayView } from "./replay_view.js";
import { text } from "./text.js";

const words = text.replay;

export function ReplayPage({ mesh }) {
  const replay = mesh.replay.value;
  return html`<${Chooser} key=${JSON.stringify(replay?.filter ?? {})} mesh=${mesh} filter=${replay?.filter ?? {}} />
    ${replay ? html`<${Body} mesh=${mesh} replay=${replay} />` : html`<${EmptyState} icon="repeat" title=${words.empty} hint=${words.emptyHint} />`}`;
}

function Chooser({ mesh, filter }) {
  const [by, setBy] = useState(filter.correlationId ? "correlationId" : "agent");
  const [value, setValue] = useState(filter[by] ?? "");
  const [wrong, setWrong] = useState(null);
  const change = (words) => {
    setValue(words);
    setWrong(null);
  };
  const send = (event) => {
    event.preventDefault();
    if (!value.trim()) setWrong(words.wrong);
    else mesh.replayOf({ [by]: value.trim() });
  };
  const names = agentNames(mesh, by === "agent" ? value : "");
  const choose = (joined) => html`<select ...${joined} value=${value} onChange=${(event) => change(event.target.value)}>
    <option value="">${words.choose}</option>${names.map((name) => html`<option key=${name} value=${name} selected=${name === value}>${name}</option>`)}
  </select>`;
  const write = (joined) => html`<input ...${joined} autocomplete="off" spellcheck="false" list="mesh-tasks" value=${value} onInput=${(event) => change(event.target.value)} />
    <datalist id="mesh-tasks">${(mesh.tasks.value.value ?? []).map(({ correlationId, goal }) => html`<option key=${correlationId} value=${correlationId}>${goal}</option>`)}</datalist>`;
  return html`<form class="mesh-chooser" onSubmit=${send} novalidate>
    <${Segments} label=${words.by} options=${words.bys} chosen=${by} onChoose=${(name) => { setBy(name); change(""); }} />
    ${by === "agent"
      ? html`<${Field} key="agent" name="replay-agent" label=${words.agent} wrong=${wrong} box=${choose} />`
      : html`<${Field} key="id" name="replay-id" label=${words.correlation} hint=${words.correlationHint} wrong=${wrong} box=${write} />`}
    <button class="button primary">${words.go}</button>
  </form>`;
}

function Body({ mesh, replay }) {
  const status = replay.list.status.value;
  if (status === "failed") return html`<${ErrorState} title=${words.failed} error=${replay.list.error.value} onRetry=${() => replay.load()} />`;
  if (status !== "ready") return html`<${LoadingRows} rows=${5} />`;
  if (replay.length.value === 0) return html`<${EmptyState} icon="search" title=${words.none} />`;
  return html`<${ReplayView} mesh=${mesh} replay=${replay} />`;
}

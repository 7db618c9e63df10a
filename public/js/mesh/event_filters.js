// What the live log is narrowed to: an agent, a type of event, a correlation id.
import { html, useEffect, useRef } from "../lib.js";
import { text } from "./text.js";

const words = text.log;
const WAIT_MS = 300; // between the last key and the question

export function EventFilters({ list, mesh }) {
  const { agent, type, correlationId } = list.filter.value;
  const timer = useRef(0);
  const types = useRef(new Set()); // every type that was seen, also when the log is narrowed now
  useEffect(() => () => clearTimeout(timer.current), []);
  for (const event of list.events.value) types.current.add(event.type);
  const write = (value) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => list.narrow({ correlationId: value.trim() }), WAIT_MS);
  };
  return html`<div class="mesh-filters">
    <${Choice} label=${words.agent} any=${words.anyAgent} value=${agent} options=${agentNames(mesh, agent)} onChoose=${(value) => list.narrow({ agent: value })} />
    <${Choice} label=${words.type} any=${words.anyType} value=${type} options=${sorted([...types.current, type])} onChoose=${(value) => list.narrow({ type: value })} />
    <label class="field"><span>${words.correlation}</span><input
      autocomplete="off"
      spellcheck="false"
      placeholder=${words.correlationPlaceholder}
      value=${correlationId}
      onInput=${(event) => write(event.target.value)}
    /></label>
  </div>`;
}

/** A choice of one out of many, or of none. */
function Choice({ label, any, value, options, onChoose }) {
  return html`<label class="field"><span>${label}</span><select aria-label=${label} value=${value} onChange=${(event) => onChoose(event.target.value)}>
    <option value="">${any}</option>
    ${options.map((each) => html`<option key=${each} value=${each} selected=${each === value}>${each}</option>`)}
  </select></label>`;
}

/** Names of the agents that are known, with the one that is chosen. */
export const agentNames = (mesh, chosen) => sorted([...(mesh.agents.value.value ?? []).map(({ name }) => name), chosen]);

const sorted = (names) => [...new Set(names.filter(Boolean))].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));

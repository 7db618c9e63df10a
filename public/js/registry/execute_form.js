// The form that executes an agent: the input, its variables, where and how, and stopping it. Its values are a Launch.
import { announce } from "../announcer.js";
import { Field } from "../components/field.js";
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { Segments } from "../components/segments.js";
import { html, useEffect, useRef, useState } from "../lib.js";
import { goToExecution } from "./address.js";
import { CopyCall } from "./copy_call.js";
import { findings, fromServer, toRequest, variablesOf } from "./launch_draft.js";
import { OnlyThisTime } from "./only_this_time.js";
import { Refusal } from "./refusal.js";
import { LOCATIONS } from "./states.js";
import { text } from "./text.js";

const words = text.execute;

export function ExecuteForm({ app, launch, agent }) {
  const form = useRef(null);
  const [wrong, setWrong] = useState({});
  const [refusal, setRefusal] = useState(null);
  const draft = launch.draft.value;
  const busy = launch.busy.value;
  useEffect(() => {
    if (Object.keys(wrong).length) form.current.querySelector("[aria-invalid=true]")?.focus();
  }, [wrong]);
  const change = (values) => {
    launch.change(values);
    setWrong({});
  };
  const run = async (event) => {
    event.preventDefault();
    const found = findings(launch.draft.peek(), agent);
    setWrong(Object.fromEntries(Object.entries(found).map(([field, key]) => [field, words.wrong[key]])));
    if (launch.busy.peek() || Object.keys(found).length) return;
    setRefusal(null);
    try {
      const execution = await launch.run(agent);
      announce(draft.mode === "async" ? words.started : text.said(execution.status));
      if (draft.mode === "async") goToExecution(execution.id);
    } catch (error) {
      if (launch.abort.signal.aborted) return announce(words.stopped);
      const placed = fromServer(error.errors ?? [], agent);
      setWrong(placed);
      if (placed[""] !== undefined || Object.keys(placed).length === 0) setRefusal(error);
    }
  };
  const keys = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.current.requestSubmit();
  };
  return html`<form class="reg-form" ref=${form} onSubmit=${run} onKeyDown=${keys} novalidate aria-label=${words.title}>
    <${Field} name="input" label=${words.input} wrong=${wrong.input} box=${(joined) => html`<textarea
      ...${joined} rows="3" placeholder=${words.inputPlaceholder} value=${draft.input} onInput=${(event) => change({ input: event.target.value })}></textarea>`} />
    <${Variables} names=${variablesOf(agent)} draft=${draft} change=${change} wrong=${wrong} />
    <div class="reg-pair">
      <${Field} name="location" label=${words.location} wrong=${wrong.location} box=${(joined) => html`<select ...${joined} value=${draft.location} onChange=${(event) => change({ location: event.target.value })}>
        <option value="">${words.anyLocation}</option>
        ${offered(agent).map((each) => html`<option key=${each} value=${each}>${text.location(each)}</option>`)}
      </select>`} />
      <div class="form-field"><span class="reg-label" aria-hidden="true">${words.mode}</span><${Segments} label=${words.mode} options=${words.modes} chosen=${draft.mode} onChoose=${(mode) => change({ mode })} /></div>
    </div>
    <${OnlyThisTime} agent=${agent} draft=${draft} change=${change} wrong=${wrong} />
    ${refusal && html`<${Refusal} app=${app} error=${refusal} />`}
    <div class="actions">
      <span class="hint reg-keys">${words.shortcut}</span>
      ${busy && html`<button type="button" class="button" disabled=${launch.stopping.value} onClick=${() => launch.stop()}><${Icon} name="stop" />${stopWords(launch)}</button>`}
      <button class="button primary" disabled=${busy !== null}><${Glyph} name="play" />${busy ? words.running : words.run}</button>
    </div>
    <div class="reg-foot"><span class="hint">${words.copyAs}</span><${CopyCall} app=${app} path=${`/api/agents/${agent.id}/execute`} request=${() => toRequest(launch.draft.peek(), agent)} /></div>
  </form>`;
}

/** An agent without places of its own runs in any; one with some, only there. */
const offered = ({ edgeLocations }) => LOCATIONS.filter((each) => edgeLocations.includes("auto") || edgeLocations.includes(each));

function stopWords(launch) {
  if (launch.stopping.value) return words.stopping;
  return launch.busy.value === "sync" ? words.stopWaiting : words.stop;
}

function Variables({ names, draft, change, wrong }) {
  if (names.length === 0) return null;
  return html`<fieldset class="reg-group"><legend>${words.variables}</legend>
    ${names.map((name) => html`<${Field} key=${name} name=${`variables.${name}`} label=${name} wrong=${wrong[`variables.${name}`]} box=${(joined) => html`<textarea
      ...${joined} rows="1" value=${draft.variables[name] ?? ""} onInput=${(event) => change({ variables: { ...draft.variables, [name]: event.target.value } })}></textarea>`} />`)}
  </fieldset>`;
}

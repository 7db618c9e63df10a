// The form that calls a function, what it would be, and what came of it. What is wrong is said at its field, before
// and after the server was asked; the words stay. Its values are functions.draft (draft.js).
import { announce } from "../announcer.js";
import { Field } from "../components/field.js";
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { Segments } from "../components/segments.js";
import { html, useEffect, useRef, useState } from "../lib.js";
import { goToJob } from "./address.js";
import { ArgsEditor } from "./args_editor.js";
import { CallOptions } from "./call_options.js";
import { ClarifyCard } from "./clarify_card.js";
import { CopyCall } from "./copy_call.js";
import { EMPTY, findings, fromServer, LONGEST_DESCRIPTION, toRequest } from "./draft.js";
import { Examples } from "./examples.js";
import { ExplainCard } from "./explain_card.js";
import { OutcomeCard } from "./outcome_card.js";
import { Overrides } from "./overrides.js";
import { Refusal } from "./refusal.js";
import { SchemaEditor } from "./schema_editor.js";
import { TYPES } from "./states.js";
import { text } from "./text.js";

const words = text.form;

export function Playground({ app, functions }) {
  const form = useRef(null);
  const [wrong, setWrong] = useState({});
  const [refusal, setRefusal] = useState(null);
  const draft = functions.draft.value;
  const busy = functions.busy.value;
  useEffect(() => {
    if (Object.keys(wrong).length) form.current.querySelector("[aria-invalid=true]")?.focus();
  }, [wrong]);
  const change = (values) => {
    functions.change(values);
    setWrong((known) => Object.fromEntries(Object.entries(known).filter(([field]) => !(field in values))));
  };
  const isReady = () => {
    const found = findings(functions.draft.peek());
    setWrong(Object.fromEntries(Object.entries(found).map(([field, key]) => [field, words.wrong[key]])));
    if (found.args === "json") functions.change({ argsView: "json" }); // where the place can be shown
    return Object.keys(found).length === 0;
  };
  const ask = async (action) => {
    if (functions.busy.peek() || !isReady()) return;
    setRefusal(null);
    try {
      await action();
    } catch (error) {
      if (functions.stopper?.signal.aborted && error.status === 0) return announce(words.stopped);
      const placed = fromServer(error.errors ?? []);
      setWrong(placed);
      if (placed[""] !== undefined || Object.keys(placed).length === 0) setRefusal(error);
    }
  };
  const run = () => ask(async () => {
    functions.explained.value = null;
    const answer = await functions.run();
    announce(answer.status === "queued" ? words.started : text.said(answer.status));
    if (functions.draft.peek().mode === "async") goToJob(answer.jobId);
  });
  const explain = () => ask(() => functions.explain());
  const choose = (type) => {
    change({ type });
    run();
  };
  const clear = () => {
    functions.draft.value = EMPTY;
    functions.outcome.value = functions.explained.value = null;
    setWrong({});
    setRefusal(null);
    form.current.querySelector("textarea").focus();
  };
  const keys = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.current.requestSubmit();
  };
  const submit = (event) => {
    event.preventDefault();
    run();
  };
  return html`<div class="fn-play">
    <form class="fn-form" ref=${form} onSubmit=${submit} onKeyDown=${keys} novalidate>
      <${Description} draft=${draft} change=${change} wrong=${wrong.description} />
      ${!draft.description && html`<${Examples} change=${change} />`}
      <${ArgsEditor} draft=${draft} change=${change} wrong=${wrong.args} />
      <${SchemaEditor} draft=${draft} change=${change} wrong=${wrong.schema} />
      <${How} draft=${draft} change=${change} />
      <${CallOptions} draft=${draft} change=${change} wrong=${wrong} />
      <div class="actions fn-send">
        <span class="hint fn-keys">${words.shortcut}</span>
        ${draft !== EMPTY && html`<button type="button" class="button quiet" onClick=${clear}>${words.clear}</button>`}
        ${busy === "run" && html`<button type="button" class="button" onClick=${() => functions.stopWaiting()}><${Icon} name="stop" />${words.stopWaiting}</button>`}
        <button type="button" class="button" disabled=${busy !== null} title=${words.explainHint} onClick=${explain}><${Glyph} name="question" />${busy === "explain" ? words.explaining : words.explain}</button>
        <button class="button primary" disabled=${busy !== null}><${Glyph} name="play" />${busy === "run" ? words.running : words.run}</button>
      </div>
    </form>
    ${refusal?.alternatives?.length > 0
      ? html`<${ClarifyCard} error=${refusal} onChoose=${choose} />`
      : refusal && html`<${Refusal} app=${app} error=${refusal} />`}
    <${Explained} app=${app} functions=${functions} />
    ${functions.outcome.value && html`<${OutcomeCard} app=${app} functions=${functions} outcome=${functions.outcome.value} />`}
    ${draft.description.trim() && Object.keys(findings(draft)).length === 0 && html`<div class="fn-foot"><span class="hint">${words.copyAs}</span><${CopyCall} app=${app} request=${() => toRequest(functions.draft.peek())} /></div>`}
    <${Overrides} app=${app} functions=${functions} />
  </div>`;
}

function Description({ draft, change, wrong }) {
  const { length } = draft.description;
  const left = length > LONGEST_DESCRIPTION * 0.8 && html`<p class=${length > LONGEST_DESCRIPTION ? "field-wrong" : "hint"}>${words.left(length, LONGEST_DESCRIPTION)}</p>`;
  return html`<div><${Field} name="description" label=${words.description} hint=${draft.description ? null : words.lead} wrong=${wrong} box=${(joined) => html`<textarea
    ...${joined}
    rows="2"
    value=${draft.description}
    onInput=${(event) => change({ description: event.target.value })}
  ></textarea>`} />${left}</div>`;
}

function How({ draft, change }) {
  return html`<div class="fn-how">
    <${Field} name="type" label=${words.type} hint=${draft.type ? text.typeHint[draft.type] : null} box=${(joined) => html`<select
      ...${joined}
      value=${draft.type}
      onChange=${(event) => change({ type: event.target.value })}
    >
      <option value="">${words.decide}</option>
      ${TYPES.map((type) => html`<option value=${type}>${text.type[type]}</option>`)}
    </select>`} />
    <div class="form-field"><span class="fn-label" aria-hidden="true">${words.mode}</span><${Segments} label=${words.mode} options=${words.modes} chosen=${draft.mode} onChoose=${(mode) => change({ mode })} /></div>
  </div>`;
}

function Explained({ app, functions }) {
  const explained = functions.explained.value;
  if (!explained) return null;
  const always = (type) => app.attempt(async () => {
    await functions.remember(explained.question.description, type);
    app.toasts.show({ text: text.explain.remembered(text.type[type]) });
    await functions.explain();
  });
  return html`<${ExplainCard} found=${explained.answer} onAlways=${always} />`;
}

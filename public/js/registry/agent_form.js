// The form that makes an agent, or its next version. What is wrong is said at its field, before and after the server was
// asked; the words stay. Its values are a draft (agent_draft.js).
import { Field } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { html, useEffect, useRef, useState } from "../lib.js";
import { findings, fromServer, toRequest } from "./agent_draft.js";
import { FineSettings } from "./fine_settings.js";
import { PlaceChoice } from "./place_choice.js";
import { Refusal } from "./refusal.js";
import { TemplateEditor } from "./template_editor.js";
import { text } from "./text.js";

const words = text.form;
const ALIASES = ["Llama2_7b", "Llama2_13b", "CodeLlama_7b", "Mistral_7b", "SqlCoder_7b"];

/** `submit(request)` may fail with an ApiError; `labels` are those of the button, at rest and busy. */
export function AgentForm({ app, draft, change, submit, labels, children }) {
  const form = useRef(null);
  const [wrong, setWrong] = useState({});
  const [refusal, setRefusal] = useState(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const first = form.current?.querySelector("[aria-invalid=true]");
    if (Object.keys(wrong).length && first) first.focus();
  }, [wrong]);
  const write = (values) => {
    change(values);
    setRefusal(null);
    setWrong((known) => Object.fromEntries(Object.entries(known).filter(([field]) => !(field in values))));
  };
  const send = async (event) => {
    event.preventDefault();
    const found = findings(draft);
    setWrong(Object.fromEntries(Object.entries(found).map(([field, key]) => [field, words.wrong[key]])));
    if (busy || Object.keys(found).length) return;
    setRefusal(null);
    setBusy(true);
    try {
      await submit(toRequest(draft, app.me.peek().models?.default));
    } catch (error) {
      const placed = fromServer(error.errors ?? []);
      setWrong(placed);
      if (placed[""] !== undefined || Object.keys(placed).length === 0) setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  const keys = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.current.requestSubmit();
  };
  const typed = (field) => (event) => write({ [field]: event.target.value });
  const line = (name, label, { hint = null, ...rest } = {}) => html`<${Field} name=${name} label=${label} hint=${hint} wrong=${wrong[name]} box=${(joined) => html`<input
    ...${joined} autocomplete="off" value=${draft[name]} onInput=${typed(name)} ...${rest} />`} />`;
  return html`<form class="reg-form" ref=${form} onSubmit=${send} onKeyDown=${keys} novalidate>
    ${line("name", words.name, { placeholder: words.namePlaceholder })}
    ${line("description", words.description)}
    ${line("model", words.model, { hint: words.modelHint(app.me.value.models?.default ?? ""), list: "reg-models", spellcheck: false, autocapitalize: "off" })}
    <datalist id="reg-models">${modelsOf(app).map((name) => html`<option value=${name}></option>`)}</datalist>
    <${TemplateEditor} value=${draft.promptTemplate} wrong=${wrong.promptTemplate} onWords=${(promptTemplate) => write({ promptTemplate })} />
    <${Field} name="systemPrompt" label=${words.system} hint=${words.systemHint} wrong=${wrong.systemPrompt} box=${(joined) => html`<textarea ...${joined} rows="2" value=${draft.systemPrompt} onInput=${typed("systemPrompt")}></textarea>`} />
    <div class="reg-pair">
      ${line("temperature", words.temperature, { hint: words.temperatureHint, inputmode: "decimal" })}
      ${line("maxTokens", words.maxTokens, { hint: words.maxTokensHint, inputmode: "numeric" })}
    </div>
    <${PlaceChoice} chosen=${draft.edgeLocations} onChoose=${(edgeLocations) => write({ edgeLocations })} />
    <${FineSettings} draft=${draft} write=${write} wrong=${wrong} line=${line} />
    ${refusal && html`<${Refusal} app=${app} error=${refusal} />`}
    <div class="actions reg-send">
      ${children}
      <button class="button primary" disabled=${busy}><${Icon} name="check" />${busy ? labels.busy : labels.rest}</button>
    </div>
  </form>`;
}

const modelsOf = (app) => [...new Set([app.me.value.models?.default, ...(app.me.value.models?.fallbacks ?? []), ...ALIASES].filter(Boolean))];

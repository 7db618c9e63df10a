// What an agent remembers: adding a document by text or file, the documents, and trying what would be found.
import { announce } from "../announcer.js";
import { ConfirmDialog } from "../components/confirm_dialog.js";
import { Field } from "../components/field.js";
import { Icon, IconButton } from "../components/icon.js";
import { Loaded } from "../components/loaded.js";
import { ago, bytes } from "../components/measures.js";
import { EmptyState } from "../components/states.js";
import { html, useEffect, useState } from "../lib.js";
import { Passage } from "./answer_view.js";
import { bytesOf, documentOf, LONGEST_DOCUMENT } from "./memory.js";
import { Refusal } from "./refusal.js";
import { text } from "./text.js";

const words = text.memory;

export function MemoryView({ app, open, agent }) {
  const { memory } = open;
  useEffect(() => () => memory.close(), [memory]);
  return html`<div class="reg-memory">
    <p class="hint">${words.lead}</p>
    ${!agent.memory?.enabled && html`<p class="reg-note">${words.off} <button type="button" class="reg-link" onClick=${() => (open.part.value = "edit")}>${words.turnOn}</button></p>`}
    <section><h2>${words.documents}</h2><${Loaded} from=${memory.documents} failed=${words.failed}>${(documents) => html`<${Documents} app=${app} memory=${memory} documents=${documents} />`}<//></section>
    ${!agent.archived && html`<${AddDocument} app=${app} memory=${memory} />`}
    <${Ask} memory=${memory} />
  </div>`;
}

function Documents({ app, memory, documents }) {
  const [asking, setAsking] = useState(null);
  if (documents.length === 0) return html`<${EmptyState} icon="list" title=${words.empty} hint=${words.emptyHint} />`;
  const remove = ({ documentId }) => app.attempt(async () => {
    await memory.remove(documentId);
    announce(words.removed);
  });
  return html`<ul class="reg-documents" aria-label=${words.documents}>
    ${documents.map((each) => html`<li key=${each.documentId}>
      <span class="reg-document"><b>${each.title}</b><span class="facts">
        <span class="fact">${words.chunks(each.chunks ?? 0)}</span>
        ${each.bytes > 0 && html`<span class="fact">${bytes(each.bytes)}</span>`}
        ${words.status[each.status] && html`<span class=${`fact ${each.status === "failed" ? "reg-bad" : ""}`}>${words.status[each.status]}</span>`}
        ${each.error && html`<span class="fact reg-bad">${each.error.detail}</span>`}
        ${each.createdAt && html`<span class="fact">${ago(each.createdAt)}</span>`}
      </span></span>
      <${IconButton} icon="trash" class="danger" label=${words.remove(each.title)} onClick=${() => setAsking(each)} />
    </li>`)}
    ${asking && html`<${ConfirmDialog} title=${words.removeTitle} lines=${words.removeLines(asking.title)} confirm=${words.removeConfirm} keep=${words.keep} onConfirm=${() => remove(asking)} onClose=${() => setAsking(null)} />`}
  </ul>`;
}

function AddDocument({ app, memory }) {
  const [wrong, setWrong] = useState({});
  const [refusal, setRefusal] = useState(null);
  const draft = memory.draft.value;
  const write = (values) => {
    memory.write(values);
    setWrong({});
  };
  const take = async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    const found = file && (await documentOf(file));
    if (found?.wrong) setWrong({ text: words.wrong[found.wrong] });
    else if (found) write({ text: found.text, title: draft.title || found.title });
  };
  const add = async (event) => {
    event.preventDefault();
    const found = {};
    if (!draft.title.trim()) found.title = words.wrong.title;
    if (!draft.text.trim()) found.text = words.wrong.text;
    else if (bytesOf(draft.text) > LONGEST_DOCUMENT) found.text = words.wrong.long;
    setWrong(found);
    if (memory.busy.peek() || Object.keys(found).length) return;
    setRefusal(null);
    try {
      await memory.add(app.newId());
      announce(words.added);
    } catch (error) {
      setRefusal(error);
    }
  };
  return html`<form class="reg-form reg-part" onSubmit=${add} novalidate aria-label=${words.add}>
    <h2>${words.add}</h2>
    <${Field} name="title" label=${words.title} wrong=${wrong.title} box=${(joined) => html`<input ...${joined} maxlength="200" autocomplete="off" value=${draft.title} onInput=${(event) => write({ title: event.target.value })} />`} />
    <${Field} name="text" label=${words.words} wrong=${wrong.text} box=${(joined) => html`<textarea ...${joined} rows="4" value=${draft.text} onInput=${(event) => write({ text: event.target.value })}></textarea>`} />
    ${refusal && html`<${Refusal} app=${app} error=${refusal} />`}
    <div class="actions">
      <label class="button reg-file"><${Icon} name="arrowUp" />${words.file}<input type="file" accept="text/*,.md,.markdown,.txt,.csv,.json,.html,.xml,.yaml,.yml,.rst,.log" onChange=${take} /></label>
      <button class="button primary" disabled=${memory.busy.value}>${memory.busy.value ? words.saving : words.save}</button>
    </div>
  </form>`;
}

function Ask({ memory }) {
  const asked = memory.passages.status.value !== "idle";
  const find = (event) => {
    event.preventDefault();
    if (memory.question.peek().trim()) memory.passages.load();
  };
  return html`<section class="reg-part"><h2>${words.ask}</h2>
    <form class="reg-ask" onSubmit=${find}>
      <${Field} name="question" label=${words.question} hint=${words.askHint} box=${(joined) => html`<input ...${joined} maxlength="1000" autocomplete="off" value=${memory.question.value} onInput=${(event) => (memory.question.value = event.target.value)} />`} />
      <button class="button" disabled=${!memory.question.value.trim()}><${Icon} name="search" />${words.find}</button>
    </form>
    <div role="status">${asked && html`<${Loaded} from=${memory.passages} failed=${words.findFailed} rows=${2}>${(found) => html`<${Found} found=${found} />`}<//>`}</div>
  </section>`;
}

function Found({ found: { passages, pending = 0 } }) {
  return html`${pending > 0 && html`<p class="hint">${words.pending(pending)}</p>`}
    ${passages.length === 0 ? html`<p class="hint">${words.nothing}</p>` : html`<${Passages} passages=${passages} />`}`;
}

function Passages({ passages }) {
  return html`<ol class="reg-found" aria-label=${words.found}>${passages.map((passage) => html`<li key=${`${passage.documentId}/${passage.start}`}><${Passage} passage=${passage} /></li>`)}</ol>`;
}

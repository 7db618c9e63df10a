// The sandboxes that stay: make one, open a terminal in it, start a run there, stop it.
import { html, useRef, useState } from "../lib.js";
import { announce } from "../announcer.js";
import { Field } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { SandboxRow } from "./sandbox_row.js";
import { text } from "./text.js";

const words = text.sandboxes;

export function SandboxesPage({ app, runs }) {
  return html`<div class="sandbox-page">
    <p class="lead">${words.lead}</p>
    <${Maker} app=${app} runs=${runs} />
    <${List} app=${app} runs=${runs} />
  </div>`;
}

function Maker({ app, runs }) {
  const form = useRef(null);
  const [making, setMaking] = useState(false);
  const [wrong, setWrong] = useState({});
  const make = async (event) => {
    event.preventDefault();
    const { name, network } = Object.fromEntries(new FormData(form.current));
    setMaking(true);
    setWrong({});
    try {
      await runs.createSession({ name: name.trim(), network: network.split(/[\s,]+/).filter(Boolean) });
      form.current.reset();
      announce(words.made);
    } catch (error) {
      const found = Object.fromEntries((error.errors ?? []).map((each) => [each.field.split(".")[0], each.message]));
      setWrong(found);
      if (!found.name && !found.network) app.toasts.error(error);
    }
    setMaking(false);
  };
  return html`<form class="maker" ref=${form} onSubmit=${make}>
    <${Field} name="name" label=${words.name} wrong=${wrong.name} box=${(joined) => html`<input
      ...${joined} maxlength="80" autocomplete="off" placeholder=${words.namePlaceholder} />`} />
    <${Field} name="network" label=${words.network} hint=${words.networkHint} wrong=${wrong.network} box=${(joined) => html`<input
      ...${joined} autocomplete="off" autocapitalize="off" spellcheck=${false} />`} />
    <button class="button primary" disabled=${making}><${Icon} name="add" />${making ? words.creating : words.create}</button>
  </form>`;
}

function List({ app, runs }) {
  const { sessions, error } = runs.live;
  const list = sessions.value;
  if (!list && error.value) return html`<${ErrorState} title=${words.failed} error=${error.value} onRetry=${() => runs.live.refresh()} />`;
  if (!list) return html`<${LoadingRows} rows=${3} />`;
  if (list.length === 0) return html`<${EmptyState} icon="archive" title=${words.empty} hint=${words.emptyHint} />`;
  return html`<ul class="sandbox-list" aria-label=${words.label}>
    ${list.map((session) => html`<${SandboxRow} key=${session.id} app=${app} runs=${runs} session=${session} />`)}
  </ul>`;
}

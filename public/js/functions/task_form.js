// The form of a human task: made from its schema, checked before it is sent, with the server's findings at the fields.
import { announce } from "../announcer.js";
import { Icon } from "../components/icon.js";
import { html, useEffect, useRef, useState } from "../lib.js";
import { check } from "./form_check.js";
import { formOf } from "./form_fields.js";
import { withAt } from "./json_text.js";
import { Refusal } from "./refusal.js";
import { SchemaForm } from "./schema_form.js";
import { text } from "./text.js";

const words = text.inbox;

/** `children` stand beside the button that sends. */
export function TaskForm({ app, functions, task, onDone, children }) {
  const form = useRef(null);
  const [value, setValue] = useState(functions.answers.get(task.taskId));
  const [wrong, setWrong] = useState({});
  const [refusal, setRefusal] = useState(null);
  const [busy, setBusy] = useState(false);
  const field = formOf(task.form);
  useEffect(() => {
    if (Object.keys(wrong).length) form.current.querySelector("[aria-invalid=true]")?.focus();
  }, [wrong]);
  const set = (path, next) => {
    const changed = withAt(value, path, next);
    functions.answers.set(task.taskId, changed);
    setValue(changed);
    setWrong(({ [path.join(".")]: _gone, ...rest }) => rest);
  };
  const send = async (event) => {
    event.preventDefault();
    if (busy) return;
    const broken = form.current.querySelector("textarea[aria-invalid=true].code-box");
    const answer = value === undefined && field.kind === "group" ? {} : value;
    const found = check(field, answer);
    setWrong(said(found));
    setRefusal(null);
    if (Object.keys(found).length) return announce(words.fix(Object.keys(found).length));
    if (broken) return broken.focus();
    setBusy(true);
    try {
      await functions.settle(task.taskId, "complete", { answer });
      announce(words.completed);
      onDone("completed");
    } catch (error) {
      const placed = fromServer(error.errors ?? [], field);
      setWrong(placed);
      if (Object.keys(placed).length === 0) setRefusal(error);
      if (error.status === 404 || error.status === 409) functions.live.refresh();
    }
    setBusy(false);
  };
  return html`<form ref=${form} class="fn-task-form" onSubmit=${send} novalidate>
    <${SchemaForm} id=${task.taskId} field=${field} value=${value} wrong=${wrong} onValue=${set} />
    ${refusal && html`<${Refusal} app=${app} error=${refusal} />`}
    <div class="actions">${children}<button class="button primary" disabled=${busy}><${Icon} name="check" />${busy ? words.sending : words.complete}</button></div>
  </form>`;
}

const said = (found) => Object.fromEntries(Object.entries(found).map(([path, { rule, limit }]) => [path, text.box.rule[rule](limit)]));

/** Findings at "answer.city" to the field "city"; what is about no field that is shown stays out. */
function fromServer(errors, field) {
  const known = new Set(paths(field, []));
  const placed = errors.map((each) => [each.field.replace(/^answer\.?/, ""), each.message]);
  const own = placed.map(([path, message]) => [[...known].filter((each) => path === each || path.startsWith(`${each}.`)).at(-1), message]);
  return Object.fromEntries(own.filter(([path]) => path !== undefined));
}

function paths(field, path) {
  if (field.kind !== "group") return [path.join(".")];
  return field.fields.flatMap((each) => paths(each, [...path, each.name]));
}

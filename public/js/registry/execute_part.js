// Executing an agent: the form, what is being answered, and the agent's recent executions.
import { html, useEffect, useRef } from "../lib.js";
import { executionAddress } from "./address.js";
import { AnswerView } from "./answer_view.js";
import { ExecuteForm } from "./execute_form.js";
import { ExecutionList } from "./execution_list.js";
import { Measures } from "./execution_marks.js";
import { StatusChip } from "./status_mark.js";
import { text } from "./text.js";

export function ExecutePart({ app, registry, open, agent }) {
  const launch = registry.launchOf(agent.id);
  return html`
    ${!agent.archived && html`<${ExecuteForm} app=${app} launch=${launch} agent=${agent} />`}
    ${(launch.busy.value || launch.execution.value) && html`<${Outcome} app=${app} launch=${launch} />`}
    <section class="reg-recent"><h2>${text.executions.recent}</h2><${ExecutionList} app=${app} list=${open.executions} /></section>
  `;
}

function Outcome({ app, launch }) {
  const heading = useRef(null);
  const execution = launch.execution.value;
  const isBusy = launch.busy.value !== null;
  useEffect(() => {
    if (isBusy) return;
    heading.current.focus({ preventScroll: true });
    heading.current.closest("section").scrollIntoView({ block: "nearest" });
  }, [isBusy, execution?.id]);
  return html`<section class="reg-outcome" aria-label=${text.answer.title}>
    <header class="reg-outcome-head">
      <h2 ref=${heading} tabindex="-1">${text.answer.title}</h2>
      ${execution && html`<${StatusChip} status=${execution.status} />`}
      <span class="spring"></span>
      ${execution && html`<a class="button quiet small" href=${executionAddress(execution.id)}>${text.answer.show}</a>`}
    </header>
    ${execution && html`<p class="facts"><${Measures} execution=${execution} full=${true} /></p>`}
    <${AnswerView} app=${app} execution=${execution} written=${launch.written.value} />
  </section>`;
}

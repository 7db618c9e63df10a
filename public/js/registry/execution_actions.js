// What may be done with an execution: stopping it, or filling in the form with what it was given.
import { announce } from "../announcer.js";
import { Icon } from "../components/icon.js";
import { html } from "../lib.js";
import { goToAgent } from "./address.js";
import { registryOf } from "./registry.js";
import { hasEnded } from "./states.js";
import { text } from "./text.js";

export function ExecutionActions({ app, open, execution }) {
  if (!hasEnded(execution.status)) {
    const cancel = () => app.attempt(async () => {
      await open.cancel();
      announce(text.execution.cancelled);
    });
    return html`<button type="button" class="button small danger" disabled=${open.busy.value} onClick=${cancel}><${Icon} name="stop" />${text.execution.cancel}</button>`;
  }
  const again = () => {
    const { agentId, input, variables, requestedLocation } = execution;
    const strings = Object.fromEntries(Object.entries(variables ?? {}).map(([name, value]) => [name, String(value)]));
    registryOf(app).launchOf(agentId).change({ input, variables: strings, location: requestedLocation === "auto" ? "" : requestedLocation });
    goToAgent(agentId);
  };
  return html`<button type="button" class="button small" onClick=${again}><${Icon} name="repeat" />${text.answer.again}</button>`;
}

// Where an agent may run: some places, or any. One box each; "automatic" and places exclude each other.
import { html } from "../lib.js";
import { withLocation } from "./agent_draft.js";
import { LOCATIONS } from "./states.js";
import { text } from "./text.js";

export function PlaceChoice({ chosen, onChoose }) {
  return html`<fieldset class="reg-places">
    <legend>${text.form.places}</legend>
    <div class="reg-place-list">
      ${LOCATIONS.map(
        (location) => html`<label key=${location} class="reg-place">
          <input type="checkbox" checked=${chosen.includes(location)} onChange=${() => onChoose(withLocation(chosen, location))} />
          <span>${text.location(location)}</span>
        </label>`,
      )}
    </div>
    <p class="hint">${text.form.placesHint}</p>
  </fieldset>`;
}

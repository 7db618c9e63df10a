// The errors that the page in the preview reported, and the way to have them fixed: they are told to the build,
// which then looks for their cause.
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { html } from "../lib.js";
import { isActive } from "./states.js";
import { text } from "./text.js";

const words = text.preview;

export function PreviewProblems({ app, open, build, preview }) {
  const problems = preview.problems.value;
  if (problems.length === 0) return null;
  const fix = () =>
    app.attempt(async () => {
      await open.act("problems", { problems });
      if (!isActive(build.status)) await open.act("fix");
      preview.problems.value = [];
    });
  return html`<section class="card error preview-problems" aria-label=${words.problems(problems.length)}>
    <${Icon} name="warning" />
    <div>
      <p role="status"><b>${words.problems(problems.length)}</b></p>
      <ul>${problems.map(({ message, source, line }) => html`<li key=${`${message} ${source} ${line}`}>${message} <span class="hint">${words.place(source, line)}</span></li>`)}</ul>
    </div>
    <button type="button" class="button" disabled=${open.busy.value !== null} onClick=${fix}><${Glyph} name="play" />${open.busy.value ? words.fixing : words.fix}</button>
  </section>`;
}

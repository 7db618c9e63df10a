// Copies a call as curl or as Python. The key is never part of it.
import { copy } from "../clipboard.js";
import { Icon } from "../components/icon.js";
import { html } from "../lib.js";
import { apiOrigin } from "../server.js";
import { asCurl, asPython } from "./commands.js";
import { text } from "./text.js";

/** `request()` gives what is asked of POST /fn. */
export function CopyCall({ app, request }) {
  const take = (write) => () => copy(write(apiOrigin(), request()), app.toasts);
  return html`<div class="fn-copy" role="group" aria-label=${text.form.copyAs}>
    <button type="button" class="button small" title=${text.form.copyHint} onClick=${take(asCurl)}><${Icon} name="copy" />${text.form.curl}</button>
    <button type="button" class="button small" title=${text.form.copyHint} onClick=${take(asPython)}><${Icon} name="copy" />${text.form.python}</button>
  </div>`;
}

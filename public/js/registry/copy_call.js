// Copies a call as curl or as Python. The key is never part of it.
import { copy } from "../clipboard.js";
import { Icon } from "../components/icon.js";
import { asCurl, asPython } from "../functions/commands.js";
import { html } from "../lib.js";
import { apiOrigin } from "../server.js";
import { text } from "./text.js";

const words = text.execute;

/** `request()` gives what is asked of POST `path`. What streams in the page is waited for in a terminal. */
export function CopyCall({ app, path, request }) {
  const asked = () => {
    const { mode, ...rest } = request();
    return { ...rest, mode: mode === "stream" ? "sync" : mode };
  };
  const take = (write) => () => copy(write(apiOrigin(), asked(), path), app.toasts);
  return html`<div class="reg-copies" role="group" aria-label=${words.copyAs}>
    <button type="button" class="button small" title=${words.copyHint} onClick=${take(asCurl)}><${Icon} name="copy" />${words.curl}</button>
    <button type="button" class="button small" title=${words.copyHint} onClick=${take(asPython)}><${Icon} name="copy" />${words.python}</button>
  </div>`;
}

// The terminal's place in the app: the title, the way back, and the terminal's own document in a frame.
// It has a document of its own because xterm needs inline styles, which this page's policy refuses.
import { ScreenHead } from "../components/screen_head.js";
import { html } from "../lib.js";
import { address, route } from "../router.js";
import { text } from "./text.js";

export function TerminalScreen() {
  const { id } = route.value;
  return html`<${ScreenHead} title=${text.title}>
      <a class="button small quiet" href=${address("runs")}>${text.back}</a>
    <//>
    <iframe class="terminal-frame" key=${id} title=${text.frame} src=${`/terminal/#session=${encodeURIComponent(id)}`} allow="clipboard-write"></iframe>`;
}

// The preview of a build: a link that was signed for a while, and the errors that the page in it reported.
// The frame is drawn by preview_view.js; a report counts only when it came from that frame's window.
import { signal } from "../reactive.js";
import { at } from "../server.js";

const MOST_PROBLEMS = 20; // as many as one call may report
const TYPE = "littoral-preview-error";

export class Preview {
  constructor({ api, path }) {
    this.api = api;
    this.path = `${path}/preview`;
    this.link = signal(null); // {url, expiresAt}
    this.status = signal("closed"); // closed, opening, open, failed
    this.error = signal(null);
    this.problems = signal([]); // [{message, source, line}] since the frame was loaded
    this.loads = signal(0); // how often the frame was loaded anew
    this.stale = signal(false); // what is shown is older than the newest revision
    this.revision = null;
  }

  async open() {
    this.status.value = "opening";
    this.error.value = null;
    try {
      const { url, expiresAt } = await this.api.get(this.path);
      this.link.value = { url: at(new URL(url, location.href).pathname), expiresAt }; // where the API is
      this.status.value = "open";
      this.refresh();
    } catch (error) {
      this.error.value = error;
      this.status.value = "failed";
    }
  }

  /** Loads what is newest; an expired link is asked for again. */
  reload() {
    const { expiresAt } = this.link.peek() ?? {};
    if (!expiresAt || Date.parse(expiresAt) <= Date.now()) return this.open();
    return this.refresh();
  }

  refresh() {
    this.problems.value = [];
    this.stale.value = false;
    this.loads.value++;
  }

  async revoke() {
    await this.api.delete(this.path);
    this.link.value = null;
    this.problems.value = [];
    this.status.value = "closed";
  }

  /** The state of the build moved on: a preview that is open may now show an older revision. */
  follow({ revision }) {
    if (this.revision !== null && revision !== this.revision && this.status.peek() === "open") this.stale.value = true;
    this.revision = revision;
  }

  /** Takes what a window said when it is a report of this shape; everything else is left alone. */
  hear(data) {
    if (data?.type !== TYPE || typeof data.message !== "string") return;
    const problem = {
      message: data.message.slice(0, 500),
      source: typeof data.source === "string" ? data.source.slice(0, 200) : "",
      line: Number.isInteger(data.line) && data.line > 0 ? data.line : 0,
    };
    const known = this.problems.peek();
    const isKnown = known.some((each) => each.message === problem.message && each.source === problem.source && each.line === problem.line);
    if (!isKnown && known.length < MOST_PROBLEMS) this.problems.value = [...known, problem];
  }
}

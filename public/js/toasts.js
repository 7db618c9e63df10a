// Short notes at the edge of the screen, some with one action. They are never chat messages.
import { signal } from "./reactive.js";

const SHOWN_MS = 6_000;

export class Toasts {
  constructor() {
    this.list = signal([]);
    this.count = 0;
  }

  /** Shows a note; `onGone` runs when it leaves without its action having been chosen. */
  show({ text, kind = "info", action = null, shownMs = SHOWN_MS, onGone = null }) {
    const toast = { id: ++this.count, text, kind, action, onGone };
    this.list.value = [...this.list.peek(), toast];
    if (shownMs) toast.timer = setTimeout(() => this.dismiss(toast), shownMs);
    return toast;
  }

  error(error, action = null) {
    return this.show({ text: [error.message, error.nextStep].filter(Boolean).join(" "), kind: "error", action, shownMs: 10_000 });
  }

  act(toast) {
    toast.onGone = null;
    this.dismiss(toast);
    toast.action.run();
  }

  dismiss(toast) {
    if (!this.list.peek().includes(toast)) return;
    clearTimeout(toast.timer);
    this.list.value = this.list.peek().filter((other) => other !== toast);
    toast.onGone?.();
  }
}

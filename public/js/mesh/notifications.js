// What the notification agent said: a list with what was read, kept fresh by what comes live.
import { computed, signal } from "../reactive.js";
import { Listing } from "./listing.js";

const PATH = "/api/mesh/notifications";

export class Notifications extends Listing {
  constructor(api) {
    super(async () => this.page(await api.get(PATH)));
    this.api = api;
    this.unread = computed(() => (this.value.value ?? []).filter(({ readAt }) => !readAt).length);
    this.cursor = signal(null);
  }

  page({ notifications, cursor }) {
    const known = this.value.peek() ?? [];
    if (known.length <= notifications.length) this.cursor.value = cursor ?? null;
    return merged(notifications, known);
  }

  async more() {
    const { notifications, cursor } = await this.api.get(PATH, { cursor: this.cursor.peek() });
    this.value.value = merged(this.value.peek(), notifications);
    this.cursor.value = cursor ?? null;
  }

  receive(notification) {
    if (notification.id) this.show((list) => merged([notification], list));
    else this.soon();
  }

  /** It is shown as read at once; a refusal brings the truth back. */
  async read(id) {
    this.mark((each) => each.id === id);
    await this.tell(`${PATH}/${encodeURIComponent(id)}/read`);
  }

  async readAll() {
    this.mark(() => true);
    await this.tell(`${PATH}/read`);
  }

  mark(chosen) {
    const readAt = new Date().toISOString();
    this.change((list) => list.map((each) => (chosen(each) && !each.readAt ? { ...each, readAt } : each)));
  }

  async tell(path) {
    try {
      await this.api.post(path, {});
    } catch (error) {
      this.clear();
      this.load();
      throw error;
    }
  }
}

/** Newest first, each once; what stands first wins. */
function merged(first, second) {
  const known = new Set(first.map(({ id }) => id));
  return [...first, ...second.filter(({ id }) => !known.has(id))].sort((a, b) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id));
}

// The pages that are watched and the webhooks that are told: their lists, and what a person does with them.
import { announce } from "../announcer.js";
import { signal } from "../reactive.js";
import { Listing } from "./listing.js";
import { text } from "./text.js";
import { EMPTY, toRequest } from "./watch_draft.js";

const PATH = "/api/mesh/watches";
const HOOKS = "/api/mesh/webhooks";
const at = (path, id) => `${path}/${encodeURIComponent(id)}`;

export class Watches {
  constructor({ api, newId }) {
    Object.assign(this, { api, newId });
    this.list = new Listing(async () => (await api.get(PATH)).watches);
    this.webhooks = new Listing(async () => (await api.get(HOOKS)).webhooks);
    this.draft = signal(EMPTY);
    this.secret = signal(null); // {url, secret} of the webhook that was just made; nowhere else
  }

  change(values) {
    this.key = null; // another watch than the one before
    this.draft.value = { ...this.draft.peek(), ...values };
  }

  async add() {
    this.key ??= this.newId(); // stays until there is an answer
    const watch = await this.api.post(PATH, toRequest(this.draft.peek()), { "idempotency-key": this.key });
    this.change(EMPTY);
    this.put(watch);
    announce(text.watches.added);
    return watch;
  }

  put(watch) {
    const isIt = ({ id }) => id === watch.id;
    this.list.change((list) => (list.some(isIt) ? list.map((each) => (isIt(each) ? { ...each, ...watch } : each)) : [watch, ...list]));
    this.list.soon();
  }

  async look({ id }) {
    await this.api.post(`${at(PATH, id)}/look`, {});
    announce(text.watches.looking);
    this.list.soon();
  }

  /** Changes a watch; `said` is what is told about it. */
  async alter({ id }, values, said) {
    this.put(await this.api.patch(at(PATH, id), values));
    announce(said);
  }

  async remove({ id }) {
    await this.api.delete(at(PATH, id));
    this.list.change((list) => list.filter((each) => each.id !== id));
    announce(text.watches.removed);
  }

  async addWebhook(url) {
    const { secret, ...webhook } = await this.api.post(HOOKS, { url });
    this.webhooks.change((list) => [webhook, ...list]);
    this.secret.value = { url, secret };
  }

  /** "test" or "enable"; what becomes of a test is among the deliveries. */
  async alterWebhook({ id }, action) {
    await this.api.post(`${at(HOOKS, id)}/${action}`, {});
    announce(text.webhooks.done[action]);
    this.webhooks.load();
  }

  async removeWebhook({ id }) {
    await this.api.delete(at(HOOKS, id));
    this.webhooks.change((list) => list.filter((each) => each.id !== id));
    announce(text.webhooks.removed);
  }
}

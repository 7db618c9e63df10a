// The account of the person at the page: getting in and out, keys, credits, usage. No DOM.
import { signal } from "../reactive.js";
import { Loadable } from "../loadable.js";
import { changePerson } from "../person.js";
import { freshKey } from "./fresh_key.js";
import { span } from "./usage_figures.js";

const FIRST_DAYS = 30;

export class Account {
  constructor(app) {
    this.app = app;
    this.api = app.api;
    this.days = signal(FIRST_DAYS);
    this.keys = new Loadable(async () => (await this.api.get("/api/keys")).keys);
    this.credits = new Loadable(() => this.api.get("/api/credits"));
    this.usage = new Loadable(() => this.readUsage("day,kind,model"));
    const tables = ["day", "kind", "model"].map((by) => [by, new Loadable(() => this.readUsage(by))]);
    this.tables = Object.fromEntries(tables); // percentiles cannot be added up: each table asks for its own
  }

  get user() {
    return this.app.me.value?.user;
  }

  get scopes() {
    return this.app.me.value?.scopes ?? [];
  }

  /** Makes an account; its first key is in `freshKey` afterwards. */
  async signUp({ name, email, invite, claimChats }) {
    const given = { name: name.trim(), email: email.trim(), claimChats, ...(invite.trim() && { invite: invite.trim() }) };
    const { apiKey } = await this.once(given);
    freshKey.value = { apiKey, first: true };
    await this.change({ keepTalk: claimChats });
  }

  /** A signup whose answer was lost gives the same account and key when it is tried again. */
  async once(given) {
    this.signupId ??= this.app.newId();
    try {
      const made = await this.api.post("/api/signup", given, { "idempotency-key": this.signupId });
      this.signupId = null;
      return made;
    } catch (error) {
      if (!error.retryable) this.signupId = null;
      throw error;
    }
  }

  async logIn(key) {
    await this.api.post("/api/login", { apiKey: key.trim() });
    await this.change({ keepTalk: false });
  }

  async logOut() {
    await this.api.post("/api/logout", {});
    this.app.drafts.forget();
    await this.change({ keepTalk: false });
  }

  get parts() {
    return [this.keys, this.credits, this.usage, ...Object.values(this.tables)];
  }

  /** Somebody came back to what was shown before: it may be different by now. */
  refresh() {
    for (const each of this.parts) if (["ready", "failed"].includes(each.status.peek())) each.load();
  }

  async change(options) {
    const changed = changePerson(this.app, options);
    for (const each of this.parts) each.clear();
    await changed;
  }

  async makeKey({ name, scopes, expiresInDays }) {
    const given = { name: name.trim(), scopes, ...(expiresInDays && { expiresInDays }) };
    const { apiKey } = await this.api.post("/api/keys", given);
    freshKey.value = { apiKey, first: false };
    this.keys.load();
  }

  /** Revoking the key that this browser came in with ends the visit too. */
  async revoke({ id, current }) {
    await this.api.delete(`/api/keys/${encodeURIComponent(id)}`);
    if (current) await this.logOut();
    else await this.keys.load();
  }

  async moreEntries() {
    const before = this.credits.value.peek();
    const { entries, cursor } = await this.api.get("/api/credits", { cursor: before.cursor });
    this.credits.value.value = { ...before, entries: [...before.entries, ...entries], cursor };
  }

  async readUsage(by) {
    const range = span(this.days.peek());
    const { rows } = await this.api.get("/api/usage", { by, ...range });
    return { rows, range };
  }

  choose(days) {
    this.days.value = days;
    for (const each of Object.values(this.tables)) each.clear();
    this.usage.load();
  }
}

/** Keys that work and keys that no longer do. */
export function sorted(keys, now = Date.now()) {
  const over = ({ revokedAt, expiresAt }) => revokedAt || (expiresAt && Date.parse(expiresAt) <= now);
  return { good: keys.filter((key) => !over(key)), past: keys.filter(over) };
}

// The agent that is looked at: itself, its versions, its memory, its executions, and what a person does with it.
import { announce } from "../announcer.js";
import { Loadable } from "../loadable.js";
import { signal } from "../reactive.js";
import { draftOf } from "./agent_draft.js";
import { Memory } from "./memory.js";
import { text } from "./text.js";

export class OpenAgent {
  constructor({ api, id, executions, onAgent = () => {} }) {
    Object.assign(this, { api, id, executions, onAgent });
    this.path = `/api/agents/${encodeURIComponent(id)}`;
    this.agent = signal(null);
    this.error = signal(null); // why there is none
    this.busy = signal(null); // the action that is being asked for
    this.draft = signal(null); // of the next version, once somebody began one
    this.part = signal("execute");
    this.versions = new Loadable(async () => (await api.get(`${this.path}/versions`)).versions.toSorted((a, b) => b.version - a.version));
    this.memory = new Memory({ api, path: `${this.path}/memory` });
  }

  async start() {
    this.error.value = null;
    this.executions.load();
    try {
      this.receive(await this.api.get(this.path));
    } catch (error) {
      this.error.value = error;
    }
  }

  receive(agent) {
    if (agent.version < (this.agent.peek()?.version ?? 0)) return;
    const isNews = agent.version !== this.agent.peek()?.version;
    this.agent.value = agent;
    if (isNews) this.versions.clear();
    this.onAgent(agent);
  }

  /** What came live knows the figures; a newer version is asked for. */
  hear(news) {
    const agent = this.agent.peek();
    if (!agent) return;
    if (news.version > agent.version || Boolean(news.archived) !== Boolean(agent.archived)) this.start();
    else this.agent.value = { ...agent, stats: news.stats ?? agent.stats };
  }

  get edited() {
    return this.draft.value ?? draftOf(this.agent.value);
  }

  edit(values) {
    this.beginFrom(this.edited);
    this.draft.value = { ...this.draft.peek(), ...values };
  }

  /** Begins the next version with these values; one that was begun keeps the version that it was begun from. */
  beginFrom(values) {
    if (!this.draft.peek()) this.begunAt = this.agent.peek().version;
    this.draft.value = values;
  }

  drop() {
    this.draft.value = null;
  }

  /** The next version; refused when somebody else made one since this one was begun. */
  save(request) {
    const version = this.draft.peek() ? this.begunAt : this.agent.peek().version;
    return this.doing("save", async () => {
      this.receive(await this.api.patch(this.path, { ...request, version }));
      this.drop();
    });
  }

  archive() {
    return this.doing("archive", async () => {
      const answer = await this.api.delete(this.path);
      this.receive(answer?.id ? answer : { ...this.agent.peek(), archived: true });
    });
  }

  restore() {
    return this.doing("restore", async () => this.receive(await this.api.post(`${this.path}/restore`, {})));
  }

  async doing(what, action) {
    this.busy.value = what;
    try {
      await action();
      announce(text.done[what]);
    } finally {
      this.busy.value = null;
    }
  }
}

// A replay: the events of an agent or of a correlation id, played one after the other, with the state as it was after
// each, folded anew by the server, and the proof that the fold of all is equal to what is live.
import { computed, effect, signal } from "../reactive.js";
import { causalOrder } from "./causal_order.js";
import { EventList } from "./event_list.js";

const STEP_MS = 1_200;
const STILL_MS = 150; // steps that pass sooner are not folded
const KEPT_STATES = 200;
const WORLD = {
  later: (action, delay) => setTimeout(action, delay),
  stop: (timer) => clearTimeout(timer),
};

export class Replay {
  constructor({ api, filter, world = WORLD }) {
    Object.assign(this, { api, filter, world });
    this.list = new EventList(api, { filter, whole: true });
    this.at = signal(0); // the step that is shown; 0: before the first event
    this.playing = signal(false);
    this.speed = signal(1);
    this.folded = signal(null); // {agent, number, state, before} or {agent, number, error}; the last that is known
    this.proofs = signal({}); // agent → {status: "folding" | "ready" | "failed", proof, error}
    this.states = new Map(); // "agent/number" → promise of the state after that event
    this.events = computed(() => causalOrder(this.list.events.value));
    this.length = computed(() => this.events.value.length);
    this.event = computed(() => this.events.value[this.at.value - 1] ?? null);
    this.agents = computed(() => [...new Set(this.list.events.value.map(({ agent }) => agent))]);
    this.unwatch = effect(() => this.stand(this.event.value));
  }

  /** Fetches the events and begins at the first one. */
  async load() {
    await this.list.load();
    if (this.closed || this.list.status.peek() !== "ready") return;
    if (this.filter.agent) this.prove(this.filter.agent);
    this.go(Math.min(1, this.length.peek()));
  }

  go(step) {
    this.at.value = Math.max(0, Math.min(step, this.length.peek()));
  }

  /** A person's step: playing ends. */
  step(to) {
    this.pause();
    this.go(to);
  }

  play() {
    if (this.at.peek() >= this.length.peek()) this.go(0);
    this.playing.value = true;
    this.tick();
  }

  pause() {
    this.playing.value = false;
    this.world.stop(this.timer);
  }

  tick() {
    this.world.stop(this.timer);
    this.timer = this.world.later(() => {
      this.go(this.at.peek() + 1);
      if (this.at.peek() >= this.length.peek()) this.pause();
      else this.tick();
    }, STEP_MS / this.speed.peek());
  }

  /** What is shown of a step: its agent's state, asked for when the step has stood for a moment. */
  stand(event) {
    this.world.stop(this.still);
    if (!event) return void (this.folded.value = null);
    const wait = this.states.has(keyOf(event)) ? 0 : STILL_MS;
    this.still = this.world.later(() => this.fold(event), wait);
  }

  async fold(event) {
    const { agent, number } = event;
    const answer = { agent, number };
    try {
      [answer.state, answer.before] = await Promise.all([this.stateAt(agent, number), this.stateAt(agent, number - 1)]);
    } catch (error) {
      answer.error = error;
    }
    if (!this.closed && this.event.peek() === event) this.folded.value = answer;
  }

  /** The state of an agent as it is after its event of that number; remembered. */
  stateAt(agent, upTo) {
    const key = keyOf({ agent, number: upTo });
    if (!this.states.has(key)) {
      const asked = this.ask(agent, { upTo }).then(({ state }) => state);
      asked.catch(() => this.states.delete(key));
      this.states.set(key, asked);
      if (this.states.size > KEPT_STATES) this.states.delete(this.states.keys().next().value);
    }
    return this.states.get(key);
  }

  /** Folds all events of an agent and compares with its live state. */
  async prove(agent) {
    const tell = (found) => (this.proofs.value = { ...this.proofs.peek(), [agent]: found });
    tell({ status: "folding" });
    try {
      tell({ status: "ready", proof: await this.ask(agent, {}) });
    } catch (error) {
      tell({ status: "failed", error });
    }
  }

  async proveAll() {
    for (const agent of this.agents.peek()) if (!this.closed) await this.prove(agent);
  }

  ask(agent, body) {
    return this.api.post(`/api/mesh/agents/${encodeURIComponent(agent)}/replay`, body);
  }

  close() {
    this.closed = true;
    this.pause();
    this.world.stop(this.still);
    this.unwatch();
  }
}

const keyOf = ({ agent, number }) => `${agent}/${number}`;

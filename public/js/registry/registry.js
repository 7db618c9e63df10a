// Everything about agents that the page holds while it is open: the lists, the live line, what is looked at, what is
// being filled in and what came of it. Another account gets its own.
import { computed, effect, signal } from "../reactive.js";
import { EMPTY } from "./agent_draft.js";
import { Launch } from "./launch.js";
import { List } from "./list.js";
import { Live } from "./live.js";
import { OpenAgent } from "./open_agent.js";
import { OpenExecution } from "./open_execution.js";

const PAGE = 30;
const AGENTS_PAGE = 100;
const MOST_SAID = 50; // a list of fewer agents is whole
const NO_EXECUTION_FILTER = Object.freeze({ agentId: "", status: "", location: "", q: "" });

export class Registry {
  constructor({ api, newId, schedule, live = new Live({ api }), world }) {
    Object.assign(this, { api, newId, schedule, live, world });
    this.agents = agentList(api);
    this.shown = computed(() => this.agents.entries.value.filter((agent) => named(agent, this.agents.filter.value.q)));
    this.executions = executionList(api);
    this.open = signal(null); // the agent
    this.execution = signal(null);
    this.draft = signal(EMPTY); // of a new agent
    this.launches = new Map(); // agent's id → Launch
    effect(() => this.agentsCame(live.agents.value));
    effect(() => this.executionsCame(live.executions.value));
  }

  /** What is said live are all agents that are not archived, as long as there are few. */
  agentsCame(agents) {
    if (!agents) return;
    const said = new Set(agents.map(({ id }) => id));
    const isWhole = agents.length < MOST_SAID;
    if (isWhole && !this.agents.filter.peek().archived) this.agents.keep((agent) => said.has(agent.id));
    this.agents.receive(agents);
    const open = this.open.peek();
    const agent = open?.agent.peek();
    if (said.has(open?.id)) open.hear(agents.find(({ id }) => id === open.id));
    else if (isWhole && agent && !agent.archived) open.start(); // put away elsewhere
  }

  executionsCame(executions) {
    this.executions.receive(executions);
    this.open.peek()?.executions.receive(executions);
    for (const launch of this.launches.values()) launch.learn(executions);
    const open = this.execution.peek();
    const news = open && executions.find(({ id }) => id === open.id);
    if (news) open.hear(news);
  }

  /** Looks at an agent, or at none (null). */
  showAgent(id) {
    if ((this.open.peek()?.id ?? null) === id) return;
    const { api } = this;
    const executions = id && executionList(api, id);
    this.open.value = id ? new OpenAgent({ api, id, executions, onAgent: (agent) => this.agents.receive([agent]) }) : null;
    this.open.peek()?.start();
  }

  /** Looks at an execution, or at none (null). */
  showExecution(id) {
    if ((this.execution.peek()?.id ?? null) === id) return;
    this.execution.peek()?.close();
    const { api, world } = this;
    this.execution.value = id ? new OpenExecution({ api, id, world, onExecution: (execution) => this.executionsCame([execution]) }) : null;
    this.execution.peek()?.start();
  }

  /** What is filled in to execute an agent, and what came of it. */
  launchOf(id) {
    if (!this.launches.has(id)) {
      const { api, newId, schedule } = this;
      this.launches.set(id, new Launch({ api, newId, schedule, agentId: id, onExecution: (execution) => this.executionsCame([execution]) }));
    }
    return this.launches.get(id);
  }

  /** Makes an agent; repeating after a lost answer makes no second one. */
  async create(request) {
    this.key ??= this.newId();
    const agent = await this.api.post("/api/agents", request, { "idempotency-key": this.key });
    this.key = null;
    this.draft.value = EMPTY;
    if (this.agents.filter.peek().archived) await this.agents.narrow({ archived: false });
    this.agents.receive([agent]);
    return agent;
  }

  change(values) {
    this.draft.value = { ...this.draft.peek(), ...values };
    this.key = null; // another request than the one before
  }

  name(agentId) {
    return this.agents.entries.value.find(({ id }) => id === agentId)?.name ?? null;
  }

  stop() {
    this.showAgent(null);
    this.showExecution(null);
    this.live.stop();
  }
}

function agentList(api) {
  return new List({
    none: Object.freeze({ archived: false, q: "" }),
    lets: ({ archived }, agent) => Boolean(agent.archived) === archived,
    page: async ({ archived }, cursor) => {
      const { agents, cursor: next } = await api.get("/api/agents", { archived: archived || null, limit: AGENTS_PAGE, cursor });
      return { entries: agents, cursor: next };
    },
  });
}

const named = ({ name, description, model }, q) => `${name} ${description ?? ""} ${model}`.toLowerCase().includes(q.trim().toLowerCase());

/** Of one agent, or of all. */
function executionList(api, agentId = null) {
  return new List({
    none: NO_EXECUTION_FILTER,
    lets: (filter, execution, isKnown) => lets({ ...filter, agentId: agentId ?? filter.agentId }, execution, isKnown),
    page: async (filter, cursor) => {
      const asked = { ...filter, agentId: agentId ?? filter.agentId, q: filter.q.trim() };
      const query = Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, value || null]));
      const { executions, cursor: next } = await api.get("/api/executions", { ...query, limit: PAGE, cursor });
      return { entries: executions, cursor: next };
    },
  });
}

function lets({ agentId, status, location, q }, execution, isKnown) {
  if ((agentId && execution.agentId !== agentId) || (status && execution.status !== status)) return false;
  if (location && execution.edgeLocation !== location && execution.requestedLocation !== location) return false;
  const words = `${execution.input ?? ""} ${execution.output ?? ""} ${execution.agentName ?? ""}`;
  return isKnown || words.toLowerCase().includes(q.trim().toLowerCase()); // the server found it by other words
}

const known = new WeakMap();

/** The registry of the person who is signed in. */
export function registryOf(app) {
  const owner = app.me.peek().user.id;
  if (known.get(app)?.owner !== owner) {
    known.get(app)?.stop();
    const { api, newId, schedule } = app;
    known.set(app, Object.assign(new Registry({ api, newId, schedule }), { owner }));
  }
  return known.get(app);
}

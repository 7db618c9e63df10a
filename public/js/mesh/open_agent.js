// The agent that is looked at: what the directory says of it, and its state as it is now.
import { Listing } from "./listing.js";

export class OpenAgent {
  constructor({ api, name }) {
    Object.assign(this, { api, id: name });
    this.agent = new Listing(() => api.get(`/api/mesh/agents/${encodeURIComponent(name)}`));
  }

  refresh() {
    return this.agent.load();
  }

  receive(events) {
    if (events.some(({ agent }) => agent === this.id)) this.agent.soon();
  }
}

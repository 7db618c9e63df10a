// npm's AgentClient in Node, which keeps no cookies: the id of an open session is the credential.
// Arguments: the Worker's URL. Prints one JSON object with what the client was told.
import { AgentClient, agentFetch } from "agents/client";

const url = process.argv[2];
const host = new URL(url).host;
const begun = await fetch(`${url}/api/sessions`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: "{}",
});
const { id } = await begun.json();

let seen;
const told = new Promise((resolve) => (seen = resolve));
const client = new AgentClient({
  agent: "TaskAgent",
  name: id,
  host,
  protocol: "ws",
  onStateUpdate: (state) => state.tasks.length && seen(state),
});
await client.ready;
const task = await client.call("addTask", [{ title: "Buy milk" }]);
const state = await told;
const parts = [];
await client.call("exportTranscript", [], { stream: { onChunk: (part) => parts.push(part) } });
const refused = await client.call("noSuchMethod").catch((error) => error.message);
client.close();
const history = await agentFetch(
  { agent: "TaskAgent", name: id, host, protocol: "http", path: "get-messages" },
);

console.log(JSON.stringify({ id, task, state, parts, refused, history: await history.json() }));
process.exit(0);

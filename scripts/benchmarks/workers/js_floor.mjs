// The floor: a bare JavaScript Durable Object that does a plain chat turn and nothing else.
// It keeps both messages in SQLite, reads its tasks and the last 20 messages for the model, and
// streams frames of the shape that Littoral streams. No identity, no limits, no recovery.
import { DurableObject } from "cloudflare:workers";
import { countRows, rowsSoFar } from "./row_counter.mjs";

export class Chat extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    if (env.COUNT_ROWS) countRows(ctx.storage);
    this.sql = ctx.storage.sql;
    this.sql.exec("CREATE TABLE IF NOT EXISTS messages (number INTEGER PRIMARY KEY, message TEXT)");
    this.sql.exec("CREATE TABLE IF NOT EXISTS tasks (number INTEGER PRIMARY KEY, task TEXT)");
    this.answer = env.ANSWER;
  }

  async fetch(request) {
    if (request.headers.get("upgrade") === "websocket") return this.connect();
    if (request.method !== "POST") return Response.json(this.state());
    const { message } = await request.json();
    const user = { id: crypto.randomUUID(), role: "user", parts: [{ type: "text", text: message }] };
    const reply = this.turn(user, () => {});
    return Response.json({ content: reply.parts[1].text, messageId: reply.id, ...this.state() });
  }

  connect() {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    server.send(JSON.stringify({ type: "cf_agent_identity", name: "floor", agent: "chat" }));
    server.send(JSON.stringify({ type: "cf_agent_state", state: this.state() }));
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(socket, text) {
    const { id, init } = JSON.parse(text);
    const user = JSON.parse(init.body).messages.at(-1);
    const sockets = this.ctx.getWebSockets();
    const send = (frame) => {
      const sent = JSON.stringify({ type: "cf_agent_use_chat_response", id, ...frame });
      for (const each of sockets) each.send(sent);
    };
    this.turn(user, (chunk) => send({ body: JSON.stringify(chunk), done: false }));
    send({ body: "", done: true });
  }

  turn(user, emit) {
    this.sql.exec("INSERT INTO messages (message) VALUES (?)", JSON.stringify(user));
    const newest = "SELECT message FROM messages ORDER BY number DESC LIMIT 20";
    const history = this.sql.exec(newest).toArray().reverse();
    const prompt = { tasks: this.state().tasks, messages: history.map((row) => JSON.parse(row.message)) };
    const messageId = crypto.randomUUID();
    emit({ type: "start", messageId });
    emit({ type: "start-step" });
    emit({ type: "text-start", id: "t0" });
    let answer = "";
    for (const delta of this.model(prompt)) {
      answer += delta;
      emit({ type: "text-delta", id: "t0", delta });
    }
    emit({ type: "text-end", id: "t0" });
    emit({ type: "finish-step" });
    emit({ type: "finish" });
    const parts = [{ type: "step-start" }, { type: "text", text: answer, state: "done" }];
    const reply = { id: messageId, role: "assistant", parts };
    this.sql.exec("INSERT INTO messages (message) VALUES (?)", JSON.stringify(reply));
    return reply;
  }

  *model() {
    yield this.answer;
  }

  state() {
    const tasks = this.sql.exec("SELECT task FROM tasks").toArray();
    return { tasks: tasks.map((row) => JSON.parse(row.task)) };
  }
}

export default {
  fetch(request, env) {
    const name = new URL(request.url).pathname.split("/")[3] ?? "";
    if (request.url.endsWith("/rows")) return Response.json({ rows: rowsSoFar() });
    if (!name) return new Response("ok\n");
    return env.Chat.getByName(name).fetch(request);
  },
};

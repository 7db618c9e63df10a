// Owns the Workers AI double as the Worker sees it: an RPC entry with the binding's `run`.
// What it answers is decided in the test's process (tests/fakes/scripted_ai.py): each call is sent
// there, and the reply comes back as JSON lines, so that a test holds every chunk in its hands.
import { WorkerEntrypoint } from "cloudflare:workers";

export default class MockAi extends WorkerEntrypoint {
  async run(model, inputs, options) {
    const reply = await fetch(this.env.SCRIPT_URL, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model, inputs, options: options ?? null }),
    });
    const lines = linesOf(reply.body);
    const { value: first } = await lines.next();
    if (first === undefined) throw aiError({ code: 3043, message: "the double hung up" });
    if (first.error) throw aiError(first.error);
    if ("result" in first) return first.result;
    return streamOf(lines);
  }

  fetch() {
    return new Response("the Workers AI double answers by RPC only\n", { status: 404 });
  }
}

function aiError({ code, message }) {
  const error = new Error(`${code}: ${message}`);
  error.name = "AiError";
  return error;
}

function streamOf(lines) {
  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      const { value: line, done } = await lines.next();
      if (done || line.end) return controller.close();
      if (line.error) return controller.error(aiError(line.error));
      controller.enqueue(Uint8Array.from(atob(line.chunk), (character) => character.charCodeAt(0)));
    },
    cancel() {
      return lines.return();
    },
  });
}

async function* linesOf(body) {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of body) {
    rest += decoder.decode(bytes, { stream: true });
    const complete = rest.split("\n");
    rest = complete.pop();
    for (const line of complete) if (line) yield JSON.parse(line);
  }
}

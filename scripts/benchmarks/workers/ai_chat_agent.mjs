// npm's AIChatAgent as its documentation uses it, with a model that answers at once.
import { AIChatAgent } from "@cloudflare/ai-chat";
import { routeAgentRequest } from "agents";
import { convertToModelMessages, streamText } from "ai";
import { countRows, rowsSoFar } from "./row_counter.mjs";

export class Chat extends AIChatAgent {
  constructor(ctx, env) {
    if (env.COUNT_ROWS) countRows(ctx.storage);
    super(ctx, env);
  }

  async onChatMessage() {
    const result = streamText({
      model: instantModel(this.env.ANSWER),
      messages: await convertToModelMessages(this.messages),
    });
    return result.toUIMessageStreamResponse();
  }

  // The class has no chat by HTTP of its own; `saveMessages` is the documented way to begin a turn.
  async onRequest(request) {
    if (request.method !== "POST") return super.onRequest(request);
    const body = await request.json();
    if (body.seed) {
      await this.persistMessages(body.seed);
      return Response.json({ kept: this.messages.length });
    }
    const parts = [{ type: "text", text: body.message }];
    const user = { id: crypto.randomUUID(), role: "user", parts };
    await this.saveMessages((messages) => [...messages, user]);
    const reply = this.messages.at(-1);
    const content = reply.parts.filter((part) => part.type === "text").map((part) => part.text);
    return Response.json({ content: content.join(""), messageId: reply.id });
  }
}

function instantModel(delta) {
  const usage = {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  };
  return {
    specificationVersion: "v4",
    provider: "instant",
    modelId: "instant",
    supportedUrls: {},
    async doStream() {
      const stream = new ReadableStream({
        start(controller) {
          controller.enqueue({ type: "stream-start", warnings: [] });
          controller.enqueue({ type: "text-start", id: "t0" });
          controller.enqueue({ type: "text-delta", id: "t0", delta });
          controller.enqueue({ type: "text-end", id: "t0" });
          controller.enqueue({
            type: "finish",
            usage,
            finishReason: { unified: "stop", raw: "stop" },
          });
          controller.close();
        },
      });
      return { stream };
    },
  };
}

export default {
  async fetch(request, env) {
    if (request.url.endsWith("/rows")) return Response.json({ rows: rowsSoFar() });
    return (await routeAgentRequest(request, env)) ?? new Response("ok\n");
  },
};

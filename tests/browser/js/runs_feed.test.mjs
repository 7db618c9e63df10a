import assert from "node:assert/strict";
import { test } from "node:test";
import { FEED, RunFeed } from "../../../public/js/runs/run_feed.js";
import { settled } from "./world.mjs";

/** A server with numbered events, of which a test decides which way they come. */
function follow({ events = [], ended = false } = {}) {
  const server = { events: [...events], ended, down: false, asked: [], lines: [], timers: [] };
  const taken = [];
  const feed = new RunFeed({
    path: "/events",
    api: {
      get: async (path, { since }) => {
        server.asked.push(since);
        if (server.down) throw server.down;
        return { events: server.events.filter(({ number }) => number > since).slice(0, 2) };
      },
    },
    take: (batch) => {
      for (const event of batch) if (event.number === (taken.at(-1) ?? 0) + 1) taken.push(event.number);
      return taken.at(-1) ?? 0;
    },
    isOver: () => server.ended && taken.length === server.events.length,
    onRefused: (error) => (server.refused = error),
    world: {
      openLine: (url) => {
        const line = { url, close: () => (line.closed = true) };
        server.lines.push(line);
        return line;
      },
      setTimeout: (action) => server.timers.push(action),
      clearTimeout: () => {},
    },
  });
  const add = (...numbers) => server.events.push(...numbers.map((number) => ({ number })));
  const say = (number) => server.lines.at(-1).onmessage({ data: JSON.stringify({ number }) });
  return { feed, server, taken, add, say };
}

const numbered = (count) => Array.from({ length: count }, (_, at) => ({ number: at + 1 }));

test("what happened before is fetched page by page, what comes is told", async () => {
  const { feed, server, taken, add, say } = follow({ events: numbered(5) });
  await feed.start();
  assert.deepEqual(taken, [1, 2, 3, 4, 5]);
  assert.equal(server.lines[0].url, "/events?since=5");
  add(6);
  server.lines[0].onopen();
  say(6);
  assert.equal(feed.status.value, FEED.live);
  assert.deepEqual(taken, [1, 2, 3, 4, 5, 6]);
});

test("a line that broke goes on at the number it had come to: nothing twice, nothing missed", async () => {
  const { feed, server, taken, add, say } = follow({ events: numbered(2) });
  await feed.start();
  add(3, 4, 5);
  say(3);
  server.lines[0].onerror();
  await settled();
  assert.ok(server.lines[0].closed);
  assert.deepEqual(taken, [1, 2, 3, 4, 5]);
  say(5);
  assert.deepEqual(taken, [1, 2, 3, 4, 5]);
});

test("an event that is missing is fetched before the one that came", async () => {
  const { feed, taken, add, say } = follow({ events: numbered(1) });
  await feed.start();
  add(2, 3);
  say(3);
  await settled();
  assert.deepEqual(taken, [1, 2, 3]);
});

test("without a line the events are asked for, and the line is tried again later", async () => {
  const { feed, server, taken, add } = follow({ events: numbered(1) });
  await feed.start();
  server.lines[0].onerror();
  await settled();
  assert.equal(feed.status.value, FEED.polling);
  add(2);
  for (let turn = 0; turn < 6; turn++) {
    server.timers.at(-1)();
    await settled();
  }
  assert.deepEqual(taken, [1, 2]);
  assert.equal(server.lines.length, 2);
  assert.equal(server.lines[1].url, "/events?since=2");
});

test("a server out of reach is asked again and again, and nothing is lost", async () => {
  const { feed, server, taken, add } = follow({ events: numbered(1) });
  server.down = Object.assign(new Error("away"), { status: 0 });
  await feed.start();
  assert.equal(feed.status.value, FEED.lost);
  server.timers.at(-1)();
  await settled();
  assert.equal(feed.status.value, FEED.lost);
  server.down = false;
  add(2);
  server.timers.at(-1)();
  await settled();
  assert.deepEqual(taken, [1, 2]);
});

test("a run that may not be seen is not asked for again", async () => {
  const { feed, server } = follow();
  server.down = Object.assign(new Error("no such run"), { status: 404 });
  await feed.start();
  assert.equal(server.refused.status, 404);
  assert.equal(server.timers.length, 0);
});

test("a run that has ended opens no line, one that ends closes it", async () => {
  const over = follow({ events: numbered(3), ended: true });
  await over.feed.start();
  assert.deepEqual([over.feed.status.value, over.server.lines.length], [FEED.ended, 0]);

  const ending = follow({ events: numbered(1) });
  await ending.feed.start();
  ending.add(2);
  ending.server.ended = true;
  ending.say(2);
  await settled();
  assert.equal(ending.feed.status.value, FEED.ended);
  assert.ok(ending.server.lines[0].closed);
});

test("a line that is silent for long is asked whether it is still one", async () => {
  const { feed, server, taken, add } = follow({ events: numbered(1) });
  await feed.start();
  add(2);
  server.timers.at(-1)();
  await settled();
  assert.deepEqual(taken, [1, 2]);
  assert.ok(server.lines[0].closed);
  assert.equal(server.lines.length, 2);
});

test("what was stopped says nothing any more", async () => {
  const { feed, server, taken, add, say } = follow({ events: numbered(1) });
  await feed.start();
  const line = server.lines[0];
  feed.stop();
  add(2);
  line.onmessage({ data: JSON.stringify({ number: 2 }) });
  assert.deepEqual(taken, [1]);
  assert.ok(line.closed);
});

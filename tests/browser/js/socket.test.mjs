import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentSocket, LINK } from "../../../public/js/socket.js";

/** A network and a clock in the test's hands. */
class World {
  sockets = [];
  timers = [];
  time = 0;
  now = () => this.time;
  random = () => 1;
  open = (url) => {
    const socket = { url, sent: [], send: (data) => socket.sent.push(data), close: () => (socket.gone = true) };
    this.sockets.push(socket);
    return socket;
  };
  setTimeout = (action, delay) => {
    const timer = { action, at: this.time + delay };
    this.timers.push(timer);
    return timer;
  };
  clearTimeout = (timer) => {
    this.timers = this.timers.filter((other) => other !== timer);
  };
  pass(ms) {
    const end = this.time + ms;
    for (;;) {
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.clearTimeout(next);
      this.time = next.at;
      next.action();
    }
    this.time = end;
  }
  get last() {
    return this.sockets.at(-1);
  }
}

function connected() {
  const world = new World();
  const frames = [];
  let opened = 0;
  const socket = new AgentSocket("ws://x/?_pk=1", { onFrame: (frame) => frames.push(frame), onOpen: () => (opened += 1), world });
  socket.connect();
  world.last.onopen();
  return { world, socket, frames, opened: () => opened };
}

test("frames are JSON both ways, a heartbeat is no frame", () => {
  const { world, socket, frames } = connected();
  assert.ok(socket.send({ type: "a" }));
  world.last.onmessage({ data: '{"type":"b"}' });
  world.last.onmessage({ data: "pong" });
  assert.deepEqual([world.last.sent, frames], [['{"type":"a"}'], [{ type: "b" }]]);
});

test("a silent connection is asked for a sign of life and given up without one", () => {
  const { world, socket } = connected();
  world.pass(25_000);
  assert.equal(world.last.sent.filter((data) => data === "ping").length, 1);
  world.pass(10_000);
  assert.equal(socket.status.value, LINK.waiting);
});

test("a pong keeps the connection, for as long as it comes", () => {
  const { world, socket } = connected();
  for (let minute = 0; minute < 10; minute++) {
    world.pass(25_000);
    world.last.onmessage({ data: "pong" });
  }
  assert.equal(socket.status.value, LINK.open);
  assert.equal(world.sockets.length, 1);
});

test("a lost connection is tried again without end, ever slower, under the same name", () => {
  const { world, socket, opened } = connected();
  const waits = [];
  for (let attempt = 0; attempt < 12; attempt++) {
    const before = world.time;
    world.last.onclose({ code: 1006 });
    waits.push(socket.retryAt.value - before);
    world.pass(20_000);
  }
  assert.equal(waits[0], 400);
  assert.equal(Math.max(...waits), 20_000);
  assert.ok(world.sockets.length > 12);
  assert.ok(world.sockets.every(({ url }) => url === "ws://x/?_pk=1"));
  world.last.onopen();
  assert.equal(opened(), 2);
});

test("a refusal is not tried again", () => {
  for (const code of [1008, 4000, 4999]) {
    const { world, socket } = connected();
    world.last.onclose({ code });
    world.pass(600_000);
    assert.equal(socket.status.value, LINK.refused);
    assert.equal(world.sockets.length, 1);
  }
});

test("nothing is sent while there is no connection", () => {
  const { world, socket } = connected();
  world.last.onclose({ code: 1006 });
  assert.equal(socket.send({ type: "a" }), false);
});

test("a connection that does not come about is given up and tried again", () => {
  const world = new World();
  const socket = new AgentSocket("ws://x/", { onFrame() {}, onOpen() {}, world });
  socket.connect();
  world.pass(15_000);
  assert.equal(socket.status.value, LINK.waiting);
  assert.ok(world.sockets[0].gone);
});

test("closing is final", () => {
  const { world, socket } = connected();
  socket.close();
  world.pass(600_000);
  assert.equal(world.sockets.length, 1);
});

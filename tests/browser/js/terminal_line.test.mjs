import assert from "node:assert/strict";
import { test } from "node:test";
import { inputFrames, read, resizeFrame, seenFrame } from "../../../public/js/terminal/frames.js";
import { LINE, TerminalLine } from "../../../public/js/terminal/line.js";
import { Tickets, placeOf } from "../../../public/js/terminal/tickets.js";

const bytes = (words) => new TextEncoder().encode(words);
const words = (data) => (typeof data === "string" ? data : new TextDecoder().decode(data));

/** A network, a clock, a screen and tickets in the test's hands. */
class Shore {
  sockets = [];
  timers = [];
  shown = "";
  told = [];
  waiting = [];
  given = 0;
  random = () => 1;
  open = (url) => {
    const socket = { url, sent: [], send: (data) => socket.sent.push(words(data)), close: () => (socket.gone = true) };
    this.sockets.push(socket);
    return socket;
  };
  setTimeout = (action, delay) => {
    const timer = { action, delay };
    this.timers.push(timer);
    return timer;
  };
  clearTimeout = (timer) => {
    this.timers = this.timers.filter((other) => other !== timer);
  };

  constructor({ readOnly = false, tickets = null } = {}) {
    const next = async () => ({ url: `ws://shore/t?ticket=${++this.given}`, readOnly });
    const view = {
      write: (data, done) => {
        this.shown += words(data);
        this.waiting.push(done);
      },
      reset: () => (this.shown = ""),
      mark: (mark) => this.told.push(mark),
      follow: (size) => (this.size = size),
    };
    this.line = new TerminalLine({ tickets: tickets ?? { next, readOnly }, view, world: this });
  }

  get last() {
    return this.sockets.at(-1);
  }
  get status() {
    return this.line.status.peek();
  }
  come(frame) {
    this.last.onmessage({ data: bytes(frame).buffer });
  }
  place(position, { skipped = 0, shell = "one" } = {}) {
    this.come(`p${JSON.stringify({ position, skipped, shell })}`);
  }
  async connect(how) {
    await this.line.connect(how);
  }
  /** Lets the newest timer strike, and what it began go on. */
  async strike() {
    const timer = this.timers.pop();
    timer.action();
    await new Promise((resolve) => setImmediate(resolve));
    return timer.delay;
  }
}

async function connected(options) {
  const shore = new Shore(options);
  await shore.connect();
  shore.place(0);
  return shore;
}

test("a terminal is open when it was told where its output begins", async () => {
  const shore = new Shore();
  await shore.connect();
  assert.equal(shore.status, LINE.connecting);
  shore.place(0);
  assert.equal(shore.status, LINE.open);
  assert.equal(shore.last.url, "ws://shore/t?ticket=1&cols=80&rows=24");
});

test("after a lost connection it goes on with a new ticket where it was", async () => {
  const shore = await connected();
  shore.come("0hello");
  shore.last.onclose({ code: 1006, reason: "" });
  assert.equal(shore.status, LINE.waiting);
  await shore.strike();
  assert.equal(shore.last.url, "ws://shore/t?ticket=2&cols=80&rows=24&since=5&shell=one");
  shore.place(5);
  shore.come("0 again");
  assert.equal(shore.shown, "hello again");
  assert.deepEqual(shore.told, []);
});

test("what was skipped is said", async () => {
  const shore = await connected();
  shore.come("0hello");
  shore.place(105, { skipped: 100 });
  assert.deepEqual(shore.told, [{ skipped: 100 }]);
  assert.equal(shore.line.position, 105);
});

test("older output that is not kept is said at the beginning", async () => {
  const shore = new Shore();
  await shore.connect();
  shore.place(500, { skipped: 500 });
  assert.deepEqual(shore.told, [{ older: true }]);
});

test("another shell begins on an empty screen", async () => {
  const shore = await connected();
  shore.come("0old words");
  shore.last.onclose({ code: 1006, reason: "" });
  await shore.strike();
  shore.place(0, { shell: "two" });
  shore.come("0new");
  assert.equal(shore.shown, "new");
});

test("output is acknowledged when it was drawn, in large steps", async () => {
  const shore = await connected();
  assert.deepEqual(shore.last.sent, ["40"]);
  shore.come(`0${"x".repeat(40_000)}`);
  shore.come(`0${"x".repeat(40_000)}`);
  assert.deepEqual(shore.last.sent, ["40"]);
  for (const done of shore.waiting) done();
  assert.deepEqual(shore.last.sent, ["40", "480000"]);
});

test("nothing drawn late is acknowledged on another connection", async () => {
  const shore = await connected();
  shore.come(`0${"x".repeat(80_000)}`);
  shore.last.onclose({ code: 1006, reason: "" });
  await shore.strike();
  shore.place(80_000);
  shore.waiting[0]();
  assert.deepEqual(shore.last.sent, ["480000"]);
});

test("what is typed is sent while it is open, and never by one who only watches", async () => {
  const shore = await connected();
  shore.line.type("ls\r");
  shore.line.resize({ columns: 100, rows: 30 });
  assert.deepEqual(shore.last.sent.slice(1), ["0ls\r", '1{"columns":100,"rows":30}']);
  const watching = await connected({ readOnly: true });
  watching.line.type("ls\r");
  watching.line.resize({ columns: 100, rows: 30 });
  assert.deepEqual(watching.last.sent, ["40"]);
});

test("a shell that ended is told, and starts again only when asked", async () => {
  const shore = await connected();
  shore.come('x{"exitCode":3,"signal":null}');
  shore.last.onclose({ code: 1000, reason: "the shell has ended" });
  assert.equal(shore.status, LINE.ended);
  assert.equal(shore.line.exit.peek().exitCode, 3);
  await shore.connect({ restart: true });
  assert.match(shore.last.url, /&restart=1$/);
  shore.place(0, { shell: "two" });
  assert.equal(shore.line.exit.peek(), null);
});

for (const code of [1008, 4410, 4429]) {
  test(`close code ${code} is final and gives the reason`, async () => {
    const shore = await connected();
    shore.last.onclose({ code, reason: "no longer shared" });
    assert.equal(shore.status, LINE.refused);
    assert.equal(shore.line.reason.peek(), "no longer shared");
    assert.equal(shore.timers.length, 0);
  });
}

test("a sandbox that went away is asked for again", async () => {
  const shore = await connected();
  shore.last.onclose({ code: 4503, reason: "the sandbox went away" });
  assert.equal(shore.status, LINE.waiting);
});

test("a visitor waits until there is something to see", async () => {
  const shore = await connected({ readOnly: true });
  shore.last.onclose({ code: 4404, reason: "" });
  assert.equal(shore.status, LINE.nothingHere);
  await shore.strike();
  assert.equal(shore.given, 2);
});

test("the pauses between attempts grow to a bound", async () => {
  const shore = await connected();
  const delays = [];
  for (let turn = 0; turn < 10; turn += 1) {
    shore.last.onclose({ code: 1006, reason: "" });
    delays.push(await shore.strike());
  }
  assert.deepEqual(delays.slice(0, 3), [400, 800, 1_600]);
  assert.equal(delays.at(-1), 15_000);
});

test("silence after a sign of life was asked for means lost", async () => {
  const shore = await connected();
  shore.line.check();
  assert.equal(shore.last.sent.at(-1), "ping");
  await shore.strike();
  assert.equal(shore.status, LINE.waiting);
});

test("a ticket that is refused ends it, one that cannot be asked for is asked for again", async () => {
  const failing = (error) => new Shore({ tickets: { readOnly: false, next: () => Promise.reject(error) } });
  const refused = failing(Object.assign(new Error("You have no such session."), { status: 404, retryable: false }));
  await refused.connect();
  assert.equal(refused.status, LINE.refused);
  const limited = failing(Object.assign(new Error("Too many"), { status: 429, retryable: true }));
  await limited.connect();
  assert.equal(limited.status, LINE.waiting);
});

test("frames are what the protocol says", () => {
  assert.equal(words(resizeFrame({ columns: 80, rows: 24, more: 1 })), '1{"columns":80,"rows":24}');
  assert.equal(words(seenFrame(12)), "412");
  assert.deepEqual(inputFrames("ä".repeat(20_000)).map((frame) => frame.length), [32_769, 7_233]);
  assert.equal(words(read(bytes("0hi").buffer).body), "hi");
  assert.deepEqual(read('x{"exitCode":1}'), { kind: "x", body: { exitCode: 1 } });
});

test("an address names a session, a share, or nothing", async () => {
  assert.deepEqual(placeOf("#session=box_1"), { sessionId: "box_1", readOnly: false });
  assert.deepEqual(placeOf("#share=shr_a.b"), { share: "shr_a.b" });
  assert.equal(placeOf("#session=../x"), null);
  assert.equal(placeOf(""), null);
  const asked = [];
  const api = { post: (path, body) => asked.push([path, body]) };
  new Tickets(api, placeOf("#session=box_1")).next();
  new Tickets(api, placeOf("#share=s")).next();
  assert.deepEqual(asked, [
    ["/api/orchestrator/session/box_1/terminal-ticket", { readOnly: false }],
    ["/api/orchestrator/shared/terminal-ticket", { share: "s" }],
  ]);
});

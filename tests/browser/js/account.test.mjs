import assert from "node:assert/strict";
import { test } from "node:test";
import { Account, sorted } from "../../../public/js/account/account.js";
import { freshKey } from "../../../public/js/account/fresh_key.js";
import { fromNow } from "../../../public/js/account/format.js";
import { keyProblems, loginProblems, refusal, signupProblems } from "../../../public/js/account/rules.js";
import { isOthers, roundTop, span, stack, sumOf, sumsBy } from "../../../public/js/account/usage_figures.js";
import { Api, ApiError } from "../../../public/js/api.js";
import { limitTitle, wayOn } from "../../../public/js/limits.js";
import { Loadable } from "../../../public/js/loadable.js";

const row = (day, kind, credits, more = {}) => ({ day, kind, model: "", count: 1, inputTokens: 10, outputTokens: 5, credits, errors: 0, ...more });
const RANGE = { from: "2030-05-01", to: "2030-05-03" };
const answer = (body, status = 200) => new Response(JSON.stringify(body), { status });

/** An application of which the account needs to know who is there, and an API of functions. */
function world(answers) {
  const asked = [];
  const api = new Api(async (path, request) => {
    const key = `${request.method} ${path.split("?")[0]}`;
    asked.push({ key, path, headers: request.headers, body: request.body && JSON.parse(request.body) });
    return answers[key]();
  });
  let ids = 0;
  const started = [];
  const sessions = Object.fromEntries(["list", "cursor", "results", "status"].map((name) => [name, { value: null }]));
  const app = {
    api,
    me: { value: null },
    newId: () => `id-${++ids}`,
    open: () => {},
    sessions: { ...sessions, leaving: new Map() },
    start: async () => started.push("start"),
  };
  return { account: new Account(app), asked, started };
}

test("days without usage are columns too, in order", () => {
  const { columns, top } = stack([row("2030-05-03", "run", 3), row("2030-05-01", "run", 1.5)], RANGE, "credits");
  assert.deepEqual(columns.map(({ day, total }) => [day, total]), [["2030-05-01", 1.5], ["2030-05-02", 0], ["2030-05-03", 3]]);
  assert.equal(top, 5);
});

test("the parts of a column stand on each other, the largest kind first", () => {
  const rows = [row("2030-05-02", "chat", 1), row("2030-05-02", "run", 4), row("2030-05-02", "run", 0.5)];
  const [, { parts }] = stack(rows, RANGE, "credits").columns;
  assert.deepEqual(parts, [{ kind: "run", value: 4.5, begin: 0 }, { kind: "chat", value: 1, begin: 4.5 }]);
});

test("many kinds become a few and the others, and nothing is lost", () => {
  const rows = "abcdefgh".split("").map((kind, index) => row("2030-05-01", kind, index + 1));
  const { columns, kinds } = stack(rows, RANGE, "credits");
  assert.equal(kinds.length, 5);
  assert.ok(isOthers(kinds[4]));
  assert.equal(columns[0].total, 36);
});

test("sums by model are the largest first and free of the dust of fractions", () => {
  const rows = [row("2030-05-01", "chat", 0.1, { model: "small" }), row("2030-05-02", "chat", 0.2, { model: "small" }), row("2030-05-02", "chat", 9, { model: "large" })];
  const sums = sumsBy(rows, "model", RANGE);
  assert.deepEqual(sums.map(({ name, credits, count }) => [name, credits, count]), [["large", 9, 1], ["small", 0.3, 2]]);
  assert.equal(sumOf(rows).inputTokens, 30);
});

test("the top of a scale is round and not below what it shows", () => {
  assert.deepEqual([0, 0.3, 1, 1.2, 2.1, 3, 7, 48].map(roundTop), [1, 0.5, 1, 2, 2.5, 5, 10, 50]);
});

test("a span of days ends today in UTC", () => {
  assert.deepEqual(span(7, Date.parse("2030-05-07T00:30:00Z")), { from: "2030-05-01", to: "2030-05-07" });
});

test("what is missing is said by field before the server is asked", () => {
  const empty = { name: " ", email: "ada", invite: "" };
  assert.deepEqual(Object.keys(signupProblems(empty, { invited: true })), ["name", "email", "invite"]);
  assert.deepEqual(signupProblems({ name: "Ada", email: "a@b.co", invite: "" }, { invited: false }), {});
  assert.deepEqual(loginProblems({ key: ` lit_${"a".repeat(8)}_${"B".repeat(32)} ` }), {});
  assert.ok(loginProblems({ key: "lit_short" }).key);
  assert.deepEqual(Object.keys(keyProblems({ name: "x", scopes: [] })), ["scopes"]);
});

test("a refusal is told beside the fields that it names, else as a sentence", () => {
  const named = new ApiError({ detail: "Wrong.", errors: [{ field: "body.email", message: "No e-mail." }] });
  assert.deepEqual(refusal(named, ["name", "email"]), { problems: { email: "No e-mail." }, words: "" });
  const plain = new ApiError({ detail: "That is taken.", nextStep: "Sign in." });
  assert.deepEqual(refusal(plain, ["email"]), { problems: {}, words: "That is taken. Sign in." });
});

test("revoked keys and those that have ended are past", () => {
  const now = Date.parse("2030-05-01T00:00:00Z");
  const keys = [{ id: "a" }, { id: "b", revokedAt: "2030-01-01T00:00:00Z" }, { id: "c", expiresAt: "2030-04-30T00:00:00Z" }, { id: "d", expiresAt: "2030-05-02T00:00:00Z" }];
  const { good, past } = sorted(keys, now);
  assert.deepEqual([good, past].map((list) => list.map(({ id }) => id).join("")), ["ad", "bc"]);
});

test("near times are told from now, far ones as dates", () => {
  const now = Date.parse("2030-05-10T12:00:00Z");
  assert.match(fromNow("2030-05-10T11:55:00Z", now), /5/);
  assert.match(fromNow("2030-05-12T12:00:00Z", now), /2/);
  assert.match(fromNow("2031-05-12T12:00:00Z", now), /2031/);
  assert.doesNotMatch(fromNow("2030-05-10T11:59:59Z", now), /-0/);
});

test("a signup whose answer was lost is repeated under the same id, a refused one is not", async () => {
  const answers = [() => answer({ detail: "late" }, 503), () => answer({ detail: "taken" }, 409), () => answer({ apiKey: "lit_k" }, 201)];
  const { account, asked, started } = world({ "POST /api/signup": () => answers.shift()() });
  const wish = { name: " Ada ", email: "a@b.co", invite: "", claimChats: true };
  await assert.rejects(account.signUp(wish));
  await assert.rejects(account.signUp(wish));
  await account.signUp(wish);
  assert.deepEqual(asked.map(({ headers }) => headers["idempotency-key"]), ["id-1", "id-1", "id-2"]);
  assert.deepEqual(asked[0].body, { name: "Ada", email: "a@b.co", claimChats: true });
  assert.deepEqual(freshKey.value, { apiKey: "lit_k", first: true });
  assert.deepEqual(started, ["start"]);
  freshKey.value = null;
});

test("more of the history is put behind what is there", async () => {
  const pages = [{ balance: 1, entries: [{ id: "2" }], cursor: "2" }, { balance: 1, entries: [{ id: "1" }], cursor: "" }];
  const { account, asked } = world({ "GET /api/credits": () => answer(pages.shift()) });
  await account.credits.load();
  await account.moreEntries();
  assert.deepEqual(account.credits.value.value.entries.map(({ id }) => id), ["2", "1"]);
  assert.equal(asked[1].path, "/api/credits?cursor=2");
});

test("a late answer does not replace a newer one, and a failure can be tried again", async () => {
  const waiting = [];
  const loadable = new Loadable(() => new Promise((resolve, reject) => waiting.push({ resolve, reject })));
  const [old, fresh] = [loadable.load(), loadable.load()];
  waiting[1].resolve("new");
  waiting[0].resolve("old");
  await Promise.all([old, fresh]);
  assert.equal(loadable.value.value, "new");
  const failing = loadable.load();
  waiting[2].reject(new Error("away"));
  await failing;
  assert.deepEqual([loadable.status.value, loadable.error.value.message], ["failed", "away"]);
  const again = loadable.load();
  assert.equal(loadable.status.value, "loading");
  waiting[3].resolve("back");
  await again;
  assert.deepEqual([loadable.status.value, loadable.error.value], ["ready", null]);
});

test("a limit leads a guest to an account and an account to its credits", () => {
  assert.ok(wayOn({ code: "rate_limited" }, { guest: true }));
  assert.equal(wayOn({ code: "rate_limited" }, { guest: false }), null);
  assert.ok(wayOn({ code: "insufficient_credits" }, { guest: false }));
  assert.equal(wayOn({ code: "model_unavailable" }, { guest: true }), null);
  assert.ok(limitTitle("insufficient_credits"));
});

test("a refusal for want of a credential is told to who watches", async () => {
  const api = new Api(async () => answer({ detail: "This key was revoked." }, 401));
  const told = [];
  api.onUnauthorized = (error) => told.push(error.message);
  await assert.rejects(api.get("/x"));
  assert.deepEqual(told, ["This key was revoked."]);
});

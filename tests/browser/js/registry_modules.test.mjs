import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const FOLDER = new URL("../../../public/js/registry/", import.meta.url);
const importsOf = (name) =>
  [...readFileSync(new URL(name, FOLDER), "utf8").matchAll(/(?:from|import) "\.\/([\w.]+)"/g)].map(([, found]) => found);

test("no module of the registry's screens is found later than in the third round of fetching", () => {
  const rounds = new Map([["screen.js", 1]]);
  for (const [name, round] of rounds) {
    for (const found of importsOf(name)) if (!rounds.has(found)) rounds.set(found, round + 1);
  }
  assert.ok(rounds.size > 25);
  assert.deepEqual([...rounds].filter(([, round]) => round > 3), []);
});

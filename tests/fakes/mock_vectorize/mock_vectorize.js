// Owns the Vectorize double as the Worker sees it: an RPC entry with the binding's methods, the
// platform's limits, and writes that are found a moment later. Its twin is tests/fakes/vectorize.py.
import { WorkerEntrypoint } from "cloudflare:workers";

const LAG_MS = 150;
const vectors = new Map();
const writes = [];

function see() {
  while (writes.length && writes[0].at <= Date.now()) writes.shift().write();
}

function later(write) {
  writes.push({ at: Date.now() + LAG_MS, write });
  return { mutationId: crypto.randomUUID() };
}

function demand(holds, words) {
  if (!holds) throw new Error(`VECTOR_ERROR: ${words}`);
}

const bytes = (text) => new TextEncoder().encode(text).length;

function cosine(one, other) {
  let product = 0, first = 0, second = 0;
  for (let at = 0; at < one.length; at++) {
    product += one[at] * other[at];
    first += one[at] ** 2;
    second += other[at] ** 2;
  }
  return product / Math.sqrt(first * second);
}

export default class MockVectorize extends WorkerEntrypoint {
  describe() {
    see();
    return { dimensions: this.env.DIMENSIONS, vectorCount: vectors.size };
  }

  upsert(rows) {
    see();
    demand(rows.length > 0 && rows.length <= 1000, "too many vectors");
    for (const { id, values, namespace } of rows) {
      demand(bytes(id) <= 64 && bytes(namespace) <= 64, "a name is too long");
      demand(values.length === this.env.DIMENSIONS, "40012: invalid vector");
    }
    return later(() => rows.forEach((row) => vectors.set(row.id, row)));
  }

  deleteByIds(ids) {
    see();
    demand(ids.length > 0 && ids.length <= 1000, "too many ids");
    return later(() => ids.forEach((id) => vectors.delete(id)));
  }

  getByIds(ids) {
    see();
    demand(ids.length > 0 && ids.length <= 20, "too many ids");
    return ids.flatMap((id) => vectors.get(id) ?? []);
  }

  query(asked, { topK, namespace }) {
    see();
    demand(topK >= 1 && topK <= 100, "topK out of range");
    demand(asked.length === this.env.DIMENSIONS, "40012: invalid vector");
    const matches = [...vectors.values()]
      .filter((row) => row.namespace === namespace)
      .map(({ id, values }) => ({ id, score: cosine(asked, values) }))
      .sort((one, other) => other.score - one.score)
      .slice(0, topK);
    return { count: matches.length, matches };
  }

  fetch() {
    return new Response("the Vectorize double answers by RPC only\n", { status: 404 });
  }
}

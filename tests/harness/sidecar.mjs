// Owns one test server of wrangler's and answers pytest's JSON lines about it: {id, method, params}
// in on stdin, {id, result} or {id, error} out on stdout. Ends when stdin does.
import { createInterface } from "node:readline";
import { createTestHarness } from "wrangler";

let server;

const methods = {
  async start({ configs }) {
    server = createTestHarness({ workers: configs.map((configPath) => ({ configPath })) });
    const { url } = await server.listen();
    return { url: url.href };
  },
  async neighbour({ name, path, body }) {
    const response = await server.getWorker(name).fetch(path, { method: "POST", body });
    return { status: response.status, text: await response.text() };
  },
  migrate: ({ binding }) => server.getWorker().applyD1Migrations(binding),
  listObjects: ({ className }) => server.getWorker().listDurableObjectIds(className),
  evict: ({ className, object, webSockets }) =>
    server.getWorker().evictDurableObject(className, { ...object, webSockets }),
  logs: () => server.getLogs().map(({ level, message }) => ({ level, message })),
  clearLogs: () => server.clearLogs(),
  close: () => server?.close(),
};

function answer(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  Promise.resolve()
    .then(() => methods[method](params))
    .then((result) => answer({ id, result: result ?? null }))
    .catch((error) => answer({ id, error: String(error?.stack ?? error) }));
}
await server?.close();
process.exit(0);

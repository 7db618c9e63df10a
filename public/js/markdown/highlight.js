// Colours for finished code blocks. The highlighter and each grammar are fetched when first needed.
// It hands out a tree of scopes, which become spans with classes; its HTML output is not used.
import { h } from "../lib.js";

const VERSION = "11.12.0";
const GRAMMARS = new Set([
  "bash", "c", "cpp", "css", "diff", "go", "java", "javascript", "json", "markdown", "python", "rust", "sql",
  "typescript", "xml", "yaml",
]);
const ALIASES = {
  sh: "bash", shell: "bash", zsh: "bash", console: "bash", "c++": "cpp", patch: "diff", golang: "go", js: "javascript",
  mjs: "javascript", jsx: "javascript", md: "markdown", py: "python", python3: "python", rs: "rust", ts: "typescript",
  tsx: "typescript", html: "xml", svg: "xml", yml: "yaml", toml: "yaml",
};
const LONGEST = 30_000;
const loaded = new Map();

/** The name of the grammar for a fence's info string, or null. */
export function grammarOf(info = "") {
  const word = (info ?? "").trim().split(/[\s,{]/)[0].toLowerCase();
  const name = ALIASES[word] ?? word;
  return GRAMMARS.has(name) ? name : null;
}

/** The coloured children of a code block, or null when there is no grammar or the code is very long. */
export async function highlighted(code, info) {
  const name = grammarOf(info);
  if (!name || code.length > LONGEST) return null;
  const highlighter = await library();
  await grammar(highlighter, name);
  const { _emitter: emitter } = highlighter.highlight(code, { language: name, ignoreIllegals: true });
  return emitter.rootNode.children.map(toVnode);
}

function toVnode(node) {
  if (typeof node === "string") return node;
  const children = node.children.map(toVnode);
  return node.scope ? h("span", { class: `hl-${node.scope.split(".")[0]}` }, children) : children;
}

function library() {
  return once("core", async () => (await import(`../../vendor/highlight-core-${VERSION}.js`)).default);
}

function grammar(highlighter, name) {
  return once(name, async () => {
    const module = await import(`../../vendor/highlight-${name}-${VERSION}.js`);
    highlighter.registerLanguage(name, module.default);
  });
}

function once(key, load) {
  if (!loaded.has(key)) {
    const promise = load();
    promise.catch(() => loaded.delete(key)); // a failed fetch may work later
    loaded.set(key, promise);
  }
  return loaded.get(key);
}

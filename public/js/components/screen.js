// The places beside the talk, each fetched when it is first opened, with its own styles. What needs an
// account shows a guest how to get in; the address stays, so that signing in leads on to it.
import { freshKey } from "../account/fresh_key.js";
import { html } from "../lib.js";
import { route } from "../router.js";
import { styles } from "../styles.js";
import { Banner } from "./banner.js";
import { lazy, loadingStage } from "./lazy.js";

const screen = (load, ...names) => lazy(async () => {
  const sheets = ["cards", ...names].map((name) => `/css/${name}.css`);
  return (await Promise.all([load(), styles(...sheets)]))[0];
}, loadingStage);

const account = screen(async () => (await import("../account/screen.js")).AccountScreen, "account");
const runs = screen(async () => (await import("../runs/screen.js")).RunsScreen, "console", "runs");
const terminal = screen(async () => (await import("../terminal/screen.js")).TerminalScreen, "terminal");
const builds = screen(async () => (await import("../builds/screen.js")).BuildScreen, "console", "markdown", "builds");
const functions = screen(async () => (await import("../functions/screen.js")).FunctionScreen, "console", "markdown", "functions");
const agents = screen(async () => (await import("../registry/screen.js")).RegistryScreen, "console", "markdown", "registry");
const mesh = screen(async () => (await import("../mesh/screen.js")).MeshScreen, "console", "mesh");
const operations = screen(async () => (await import("../operations/screen.js")).OperationsScreen, "console", "operations");
/** By place; `terminal` is a route of the runs with a screen of its own. */
const SCREENS = { account, runs, builds, functions, agents, mesh, operations };

export function Screen({ app }) {
  const { name, place } = route.value;
  const me = app.me.value;
  if (!me) return html`<${Banner} app=${app} />${loadingStage}`;
  const open = name === "account" || (me.user.kind !== "guest" && !freshKey.value);
  return html`<${Banner} app=${app} /><${open ? (name === "terminal" ? terminal : SCREENS[place]) : account} app=${app} />`;
}

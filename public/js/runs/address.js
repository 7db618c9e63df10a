// Addresses inside the run console: what follows #/runs/. Ids of runs begin with "run_", so the console's
// own pages can be words.
import { go, route } from "../router.js";

const PAGES = new Set(["new", "approvals", "sandboxes"]);

/** {page: "list" | "run" | "new" | "approvals" | "sandboxes", id} of the address that is open. */
export function openPage() {
  const { id } = route.value;
  if (!id) return { page: "list", id: null };
  return PAGES.has(id) ? { page: id, id: null } : { page: "run", id };
}

export const runAddress = (id) => `#/runs/${id}`;
export const pageAddress = (page) => (page === "list" ? "#/runs" : `#/runs/${page}`);
export const terminalAddress = (sessionId) => `#/terminal/${sessionId}`;
export const accountAddress = "#/account";

export const goToRun = (id, how) => go("run", id, how);
export const goToPage = (page) => (page === "list" ? go("runs") : go("run", page));

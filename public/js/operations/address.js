// Addresses inside the operations: what follows #/operations. Ids of traces are 32 digits, so none is "traces" or "log".
import { go, route } from "../router.js";

const PAGES = ["traces", "log"];

/** {page: "overview" | "traces" | "log" | "trace", id} of the address that is open. */
export function openPage() {
  const { name, id } = route.value;
  if (name === "trace") return { page: "trace", id };
  if (name === "operation" && PAGES.includes(id)) return { page: id, id: null };
  return { page: "overview", id: null };
}

export const ADDRESSES = { overview: "#/operations", traces: "#/operations/traces", log: "#/operations/log" };
export const traceAddress = (id) => `#/operations/traces/${id}`;
export const goToTrace = (id) => go("trace", id);

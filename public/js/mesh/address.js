// Addresses inside the mesh: what follows #/mesh. The parts are words of their own; tasks and agents have ids.
import { address, go, route } from "../router.js";

/** The parts of the mesh, in the order in which they are offered. */
export const PARTS = ["overview", "events", "watches", "dead-letters"];

/** {page: "overview" | "events" | "watches" | "dead-letters" | "task" | "agent" | "missing", id} of what is open. */
export function openPage() {
  const { name, id } = route.value;
  if (name === "mesh") return { page: "overview", id: null };
  if (name === "meshTask") return { page: "task", id };
  if (name === "meshAgent") return { page: "agent", id };
  return { page: PARTS.includes(id) ? id : "missing", id: null };
}

export const partAddress = (part) => (part === "overview" ? address("mesh") : address("meshPart", part));
export const taskAddress = (id) => address("meshTask", id);
export const agentAddress = (name) => address("meshAgent", name);
export const accountAddress = address("account");

export const goToOverview = () => go("mesh");
export const goToTask = (id) => go("meshTask", id);
export const goToEvents = () => go("meshPart", "events");

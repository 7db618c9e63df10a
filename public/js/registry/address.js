// Addresses of the registry. Ids of agents begin with "agt_", so "new" is none.
import { go, route } from "../router.js";

const NEW = "new";

/** {page: "list" | "new" | "agent" | "executions" | "execution", id} of the address that is open. */
export function openPage() {
  const { name, id } = route.value;
  if (name === "agents") return { page: "list", id: null };
  if (name === "agent") return id === NEW ? { page: "new", id: null } : { page: "agent", id };
  return { page: name, id };
}

export const listAddress = "#/agents";
export const newAddress = `#/agents/${NEW}`;
export const executionsAddress = "#/executions";
export const agentAddress = (id) => `#/agents/${id}`;
export const executionAddress = (id) => `#/executions/${id}`;
export const accountAddress = "#/account";

export const goToList = () => go("agents");
export const goToNew = () => go("agent", NEW);
export const goToExecutions = () => go("executions");
export const goToAgent = (id, how) => go("agent", id, how);
export const goToExecution = (id, how) => go("execution", id, how);

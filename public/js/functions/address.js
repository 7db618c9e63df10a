// Addresses inside the functions: what follows #/functions. Ids of jobs begin with "job_", so "all" is no job.
import { go, route } from "../router.js";

const EVERY_JOB = "all";

/** {page: "try" | "list" | "inbox" | "job", id} of the address that is open. */
export function openPage() {
  const { name, id } = route.value;
  if (name === "inbox") return { page: "inbox", id: null };
  if (name !== "job") return { page: "try", id: null };
  return id === EVERY_JOB ? { page: "list", id: null } : { page: "job", id };
}

export const tryAddress = "#/functions";
export const listAddress = `#/functions/jobs/${EVERY_JOB}`;
export const inboxAddress = "#/functions/inbox";
export const jobAddress = (id) => `#/functions/jobs/${id}`;
export const buildAddress = (id) => `#/builds/${id}`;
export const accountAddress = "#/account";

export const goToTry = () => go("functions");
export const goToList = () => go("job", EVERY_JOB);
export const goToJob = (id, how) => go("job", id, how);

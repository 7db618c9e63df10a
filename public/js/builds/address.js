// Addresses inside the builds: what follows #/builds/. Ids of builds begin with "bld_", so "new" is no build.
import { go, route } from "../router.js";

/** {page: "list" | "new" | "build", id} of the address that is open. */
export function openPage() {
  const { id } = route.value;
  if (!id) return { page: "list", id: null };
  return id === "new" ? { page: "new", id: null } : { page: "build", id };
}

export const buildAddress = (id) => `#/builds/${id}`;
export const listAddress = "#/builds";
export const newAddress = "#/builds/new";
export const accountAddress = "#/account";

export const goToBuild = (id, how) => go("build", id, how);
export const goToList = () => go("builds");
export const goToNew = () => go("build", "new");

// A plan while somebody changes it: pure steps (each gives a new plan), and what is wrong with it. The rules
// are the server's (src/littoral/builder); it checks again.

export const MOST = Object.freeze({ phases: 10, files: 20, path: 120, depth: 6, line: 300, title: 120, features: 30, words: 4_000 });
const PATH = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/;

export const change = (plan, values) => ({ ...plan, ...values });
export const changePhase = (plan, at, values) => withPhases(plan, plan.phases.map((phase, index) => (index === at ? { ...phase, ...values } : phase)));
export const addPhase = (plan, name) => withPhases(plan, [...plan.phases, { name, description: "", files: [{ path: "", purpose: "" }] }]);
export const removePhase = (plan, at) => withPhases(plan, plan.phases.filter((_, index) => index !== at));

/** Moves a phase up (-1) or down (1); at an end nothing happens. */
export function movePhase(plan, at, by) {
  const to = at + by;
  if (to < 0 || to >= plan.phases.length) return plan;
  const phases = [...plan.phases];
  [phases[at], phases[to]] = [phases[to], phases[at]];
  return withPhases(plan, phases);
}

export const addFile = (plan, at) => changeFiles(plan, at, (files) => [...files, { path: "", purpose: "" }]);
export const removeFile = (plan, at, file) => changeFiles(plan, at, (files) => files.filter((_, index) => index !== file));
export const changeFile = (plan, at, file, values) =>
  changeFiles(plan, at, (files) => files.map((each, index) => (index === file ? { ...each, ...values } : each)));

const withPhases = (plan, phases) => ({ ...plan, phases });
const changeFiles = (plan, at, make) => changePhase(plan, at, { files: make(plan.phases[at].files) });

/** `{place: key of text.plan.wrong}`; a place is "title", "phases", "2.name", "2.files" or "2.0.path". */
export function findings(plan) {
  const wrong = {};
  if (!plan.title.trim()) wrong.title = "empty";
  if (plan.phases.length === 0) wrong.phases = "noPhase";
  plan.phases.forEach((phase, at) => {
    if (!phase.name.trim()) wrong[`${at}.name`] = "empty";
    if (phase.files.length === 0) wrong[`${at}.files`] = "noFile";
    phase.files.forEach((file, number) => {
      const objection = pathObjection(file.path) ?? clash(plan, file.path, at);
      if (objection) wrong[`${at}.${number}.path`] = objection;
    });
  });
  return wrong;
}

function pathObjection(path) {
  if (!path.trim()) return "empty";
  if (path.startsWith("/") || path.split("/").includes("..")) return "outside";
  if (!PATH.test(path)) return "letters";
  return path.length > MOST.path || path.split("/").length > MOST.depth ? "deep" : null;
}

/** A later phase may write a file anew; two names that differ only in case, or a file that is a folder, cannot be. */
function clash(plan, path, at) {
  const paths = plan.phases.flatMap((phase) => phase.files.map((file) => file.path)).filter(Boolean);
  const same = paths.filter((each) => each.toLowerCase() === path.toLowerCase());
  if (same.some((each) => each !== path)) return "caseClash";
  if (plan.phases[at].files.filter((file) => file.path === path).length > 1) return "twice";
  return paths.some((each) => each.toLowerCase().startsWith(`${path.toLowerCase()}/`)) ? "folder" : null;
}

// What a build can be, and what may be done with it in each state. No words (text.js) and no drawing.

const ACTIVE = ["drafting", "building", "reviewing"];
/** States that a build does not leave by itself. "waiting" is for its owner's word. */
const ENDED = ["completed", "completed_with_issues", "failed", "cancelled", "budget_exceeded"];

export const BUILD_STATUSES = [...ACTIVE, "waiting", ...ENDED];

export const isActive = (status) => ACTIVE.includes(status);
export const hasEnded = (status) => ENDED.includes(status);
/** Stopped before it was done, so that it can go on from the last finished file. */
export const canResume = (status) => ["failed", "cancelled", "budget_exceeded"].includes(status);

/** How a state feels: "busy", "ask", "still", "good", "bad" or "over". Colours and marks follow it. */
export const tone = (status) => TONES[status] ?? "still";

const TONES = {
  drafting: "busy",
  waiting: "ask",
  building: "busy",
  reviewing: "busy",
  completed: "good",
  completed_with_issues: "ask",
  failed: "bad",
  cancelled: "over",
  budget_exceeded: "bad",
  writing: "busy",
  saved: "good",
  fixed: "good",
  open: "bad",
  stopped: "over",
  running: "busy",
};

/** The part that is shown while nobody has chosen one. */
export function firstPart({ status, mvpGenerated, revision, generatedFilesMap = {} }) {
  if (status === "drafting" || status === "waiting") return "plan";
  if (isActive(status)) return "files";
  if (mvpGenerated || revision) return "preview";
  return Object.keys(generatedFilesMap).length > 0 ? "files" : "plan";
}

/**
 * The phases as they are shown: those of the plan, then those that messages added. `files` are
 * {path, purpose, status: "pending" | "writing" | "saved" | "failed"}.
 */
export function shownPhases({ blueprint, generatedPhases = [], generatedFilesMap = {}, currentPhase, status }) {
  const planned = (blueprint?.phases ?? []).map((phase, index) => ({ ...phase, index }));
  const begun = new Map(generatedPhases.map((phase) => [phase.index, phase]));
  const all = [...planned.filter(({ index }) => !begun.has(index)), ...generatedPhases].sort((a, b) => a.index - b.index);
  return all.map((phase) => {
    const isCurrent = isActive(status) && currentPhase?.index === phase.index;
    return {
      index: phase.index,
      name: phase.name,
      description: phase.description ?? "",
      messages: phase.messages ?? [],
      status: phase.status === "running" && !isActive(status) ? "stopped" : (phase.status ?? "pending"),
      files: phase.files.map((file) => ({
        ...file,
        status: isCurrent && generatedFilesMap[file.path]?.status === "writing" ? "writing" : (file.status ?? "pending"),
      })),
    };
  });
}

/** {done, total} files of the whole plan; one that a later phase writes anew counts once. */
export function progress(phases) {
  const files = new Map(phases.flatMap((phase) => phase.files.map((file) => [file.path, file])));
  return { done: [...files.values()].filter((file) => file.status === "saved").length, total: files.size };
}

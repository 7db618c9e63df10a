// Events of a run → what is known of it. A pure fold: the same events give the same view, an event that
// was folded before changes nothing, and one that comes too early is refused, so that whoever feeds it
// (run_feed.js) asks for the missing ones. The output itself goes to output_log.js.
import { hasEnded } from "./states.js";

/**
 * `seen`: number of the last event folded. `run` may be newer than that: it is the server's snapshot.
 * `stopping`: whether somebody has asked for the end.
 */
export const NOTHING = Object.freeze({ seen: 0, run: null, timeline: [], stopping: false });

/** The view with a snapshot of the run; an older one than what is known is ignored. */
export function withRun(view, run) {
  const known = Math.max(view.run?.lastEvent ?? -1, 0);
  return run.lastEvent < known ? view : { ...view, run };
}

/** Whether the event may be folded now: not known yet, and none is missing before it. */
export const fits = (view, event) => event.number === view.seen + 1;
export const isKnown = (view, event) => event.number <= view.seen;

export function fold(view, event) {
  if (!fits(view, event)) return view;
  const { run } = view;
  const isNews = run && event.number > run.lastEvent;
  return {
    seen: event.number,
    stopping: view.stopping || event.type === "run.cancelling",
    run: isNews ? { ...change(run, event), lastEvent: event.number } : run,
    timeline: QUIET.has(event.type) ? view.timeline : [...view.timeline, entry(event)],
  };
}

/** The run as it is to be shown: one that was asked to stop and has not stopped yet is "cancelling". */
export function shownRun({ run, stopping }) {
  const isStopping = run && (stopping || run.cancelling) && !hasEnded(run.status);
  return isStopping ? { ...run, status: "cancelling" } : run;
}

/** Events that the timeline does not show: the output does. */
const QUIET = new Set(["step.output", "step.output_skipped"]);

function entry({ number, type, at, data }) {
  return { number, type, at, data: data ?? {} };
}

function change(run, { type, at, data = {} }) {
  const make = CHANGES[type];
  return make ? { ...run, ...make(run, data, at) } : run;
}

const inStep = (run, index, values) => ({
  steps: (run.steps ?? []).map((step) => (step.index === index ? { ...step, ...values } : step)),
});

/** The approval that the event is about, as it is now. */
function withApproval(run, { approvalId, ...values }) {
  const known = run.approvals ?? [];
  const approval = { ...known.find((each) => each.id === approvalId), ...values, id: approvalId };
  return { approvals: [...known.filter((each) => each.id !== approvalId), approval] };
}

const ending = (status) => (run, data, at) => ({
  status,
  endedAt: at,
  ...(data.exitCode === undefined ? {} : { exitCode: data.exitCode }),
  ...(data.error ? { error: data.error } : {}),
});

const CHANGES = {
  "run.planned": (run, data) => (Array.isArray(data.steps) ? { steps: data.steps } : {}),
  "run.approval_requested": (run, data) => ({ status: "waiting_for_approval", ...withApproval(run, { state: "waiting", ...data }) }),
  "run.approved": (run, data) => ({ status: "running", ...withApproval(run, { ...data, state: "approved" }) }),
  "run.started": (run, data, at) => ({ status: "running", startedAt: run.startedAt ?? at }),
  "run.paused": () => ({ status: "paused" }),
  "run.resumed": () => ({ status: "running" }),
  "run.completed": ending("completed"),
  "run.failed": ending("failed"),
  "run.cancelled": ending("cancelled"),
  "run.rejected": ending("rejected"),
  "run.expired": ending("expired"),
  "run.budget_exceeded": ending("budget_exceeded"),
  "step.started": (run, { step }, at) => inStep(run, step, { status: "running", startedAt: at }),
  "step.completed": (run, { step, exitCode = null, status = "completed", reason = null }, at) =>
    inStep(run, step, { status, exitCode, reason, endedAt: at }),
};

/** Whether after this event nothing more is to be expected from the run. */
export const endsRun = (event) => event.type.startsWith("run.") && hasEnded(event.type.slice("run.".length));

/** Whether the snapshot should be asked for again: facts changed that the event does not carry. */
export const changesFacts = (event) => !QUIET.has(event.type);

// The build that is looked at: its state as the server tells it, the files that grow and those that are saved,
// its history, its preview, and what a person does with it.
import { announce } from "../announcer.js";
import { signal } from "../reactive.js";
import { at } from "../server.js";
import { BuildLine } from "./build_line.js";
import { FileShelf } from "./file_shelf.js";
import { Pieces } from "./pieces.js";
import { Preview } from "./preview.js";
import { Revisions } from "./revisions.js";
import { hasEnded, isActive } from "./states.js";
import { text } from "./text.js";
import { Timeline } from "./timeline.js";

export class OpenBuild {
  constructor({ api, id, schedule, onBuild = () => {}, world }) {
    Object.assign(this, { api, id, onBuild });
    this.path = `/agents/${encodeURIComponent(id)}`;
    this.build = signal(null); // the newest state
    this.error = signal(null); // why there is none
    this.busy = signal(null); // the action that is being asked for
    this.part = signal(null); // which part is looked at; null: the one that suits the state
    this.chosen = signal(null); // the file that is looked at; null: the one that grows
    this.pieces = new Pieces(schedule);
    this.shelf = new FileShelf(async (path) => (await api.get(`${this.path}/files`, { path })).files[0]);
    this.timeline = new Timeline({ api, path: `${this.path}/events` });
    this.preview = new Preview({ api, path: this.path });
    this.revisions = new Revisions({ api, path: this.path });
    this.line = new BuildLine({
      id,
      ask: () => this.ask(),
      onState: (state) => this.receive(state),
      onPiece: (piece) => this.pieces.take(piece),
      world,
    });
  }

  async start() {
    this.error.value = null;
    try {
      await this.ask();
    } catch (error) {
      this.error.value = error;
      return;
    }
    if (!this.closed) this.line.start();
  }

  close() {
    this.closed = true;
    this.line.stop();
    this.timeline.close();
  }

  async ask() {
    const { state } = await this.api.get(this.path);
    this.receive(state);
  }

  /** Takes a state; one that is older than what is known changes nothing. */
  receive(state) {
    const before = this.build.peek();
    if (this.closed || state.lastEvent < (before?.lastEvent ?? 0)) return;
    this.build.value = state;
    this.error.value = null;
    this.pieces.keepOnly((path) => isActive(state.status) && state.generatedFilesMap[path]?.status !== "saved");
    this.timeline.reach(state.lastEvent);
    this.revisions.reach(state.revision);
    this.preview.follow(state);
    if (before?.status !== state.status) this.changed(state);
    if (before?.lastEvent !== state.lastEvent) this.onBuild(state);
  }

  changed({ status }) {
    if (text.said(status)) announce(text.said(status)); // also on arrival: it may have moved on since it was asked for
    if (hasEnded(status)) this.part.value = this.part.peek() === "plan" ? null : this.part.peek();
  }

  /** generate, message, cancel, resume, fix, problems or restore. ApiError when the server refuses. */
  async act(action, body = {}) {
    const before = this.build.peek()?.status;
    this.busy.value = action;
    try {
      const { state } = await this.api.post(`${this.path}/${action}`, body);
      this.receive(state);
      const isNew = this.build.peek().status !== before; // then that was said
      if (!isNew && text.done[action]) announce(text.done[action]);
    } finally {
      this.busy.value = null;
    }
  }

  /** Saves another plan before anything is built. */
  async savePlan(blueprint) {
    await this.api.call("PUT", `${this.path}/blueprint`, { body: { blueprint } });
    announce(text.done.blueprint);
    await this.ask();
  }

  /** Looks at a file, and at the files. */
  show(path) {
    this.chosen.value = path;
    this.part.value = "files";
  }

  get zipAddress() {
    return at(`${this.path}/files.zip`);
  }
}

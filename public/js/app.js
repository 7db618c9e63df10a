// What is open now: the person, the list of sessions, the open session with its tasks, and the notes.
// It joins the models to each other; main.js joins it to the page. No DOM besides addresses.
import { effect, signal } from "./reactive.js";
import { announce } from "./announcer.js";
import { Chat } from "./chat.js";
import { Drafts } from "./drafts.js";
import { go, place } from "./router.js";
import { Sessions } from "./sessions.js";
import { LINK } from "./socket.js";
import { Tasks } from "./tasks.js";
import { text } from "./text.js";
import { Toasts } from "./toasts.js";
import { OUTCOME } from "./wire.js";

const START_AGAIN_MS = 4_000;
const NOTICE_MS = 15_000;

export class App {
  constructor({ api, openSocket, localStorage, sessionStorage, newId, schedule }) {
    api.onUnauthorized = async (error) => (await import("./person.js")).lose(this, error);
    Object.assign(this, { api, openSocket, storage: sessionStorage, newId, schedule });
    this.me = signal(null);
    this.started = signal("starting"); // starting, ready, failed
    this.toasts = new Toasts();
    this.sessions = new Sessions(api);
    this.drafts = new Drafts(localStorage);
    this.chat = signal(null);
    this.tasks = signal(null);
    this.creating = signal(false);
    this.zoned = new Set();
    this.ready = new Promise((resolve) => {
      this.becomeReady = resolve;
    });
  }

  /** The first call brings the guest cookie, so everything else waits for it. */
  async start() {
    clearTimeout(this.again);
    try {
      this.me.value = await this.api.get("/api/me").catch((error) => {
        if (error.status !== 401) throw error;
        return this.api.get("/api/me"); // the refusal took the bad cookie away: a guest again
      });
      this.started.value = "ready"; // opens what the address names
      this.becomeReady();
      this.sessions.load();
    } catch {
      this.started.value = "failed";
      this.again = setTimeout(() => this.start(), START_AGAIN_MS);
    }
  }

  /** Opens a session, or none (`null`: the screen for a new talk). */
  open(sessionId) {
    if (this.chat.peek()?.sessionId === sessionId) return;
    this.stopWatching?.();
    this.chat.peek()?.close();
    this.tasks.value = sessionId ? new Tasks(this.api, sessionId) : null;
    this.chat.value = sessionId ? this.openChat(sessionId) : null;
    if (!sessionId) return;
    this.stopWatching = this.watch(this.chat.peek());
    this.chat.peek().start();
  }

  openChat(sessionId) {
    const { storage, newId, schedule } = this;
    const path = `/api/sessions/${encodeURIComponent(sessionId)}/messages`;
    return new Chat({
      sessionId,
      storage,
      newId,
      schedule,
      openSocket: (handlers) => this.openSocket(sessionId, handlers),
      history: (before, limit) => this.api.get(path, { before, limit }),
      onState: (state) => this.receiveState(sessionId, state),
      onNotice: ({ text: words, kind }) => this.toasts.show({ text: words, kind, shownMs: NOTICE_MS }),
    });
  }

  watch(chat) {
    const stopAsking = effect(() => {
      if (chat.socket.status.value === LINK.refused) this.api.get("/api/me").catch(() => {}); // who am I now?
    });
    const stopTelling = effect(() => {
      const ended = chat.turns.ended.value;
      if (!ended) return;
      announce(text.chat.said[ended.outcome] ?? text.chat.said[OUTCOME.completed]);
      this.sessions.load();
    });
    return () => (stopAsking(), stopTelling());
  }

  /** Dates in words are read in the person's time zone; a session that has none is told it, once. */
  async tellTimeZone(sessionId) {
    if (this.zoned.has(sessionId)) return;
    this.zoned.add(sessionId);
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const path = `/api/sessions/${encodeURIComponent(sessionId)}/preferences`;
    await this.api.patch(path, { timeZone }).catch(() => this.zoned.delete(sessionId));
  }

  async tellWhenLoaded(chat) {
    await chat?.caughtUp;
    if (chat?.loading.peek() === "ready") this.tellTimeZone(chat.sessionId);
  }

  receiveState(sessionId, state) {
    if (!state.userPreferences?.timeZone) this.tellWhenLoaded(this.chat.peek());
    this.tasks.peek()?.receive(state.tasks ?? []);
    if (state.title) this.sessions.change(sessionId, { title: state.title, openTaskCount: openTasks(state.tasks) });
  }

  /** Sends a message in the open session; without one, begins a session for it. */
  async send(words) {
    if (this.creating.peek()) return false;
    this.creating.value = true;
    try {
      if (this.started.peek() !== "ready") await this.ready;
      if (this.chat.peek()) {
        this.chat.peek().send(words);
        return true;
      }
      this.creationKey ??= this.newId(); // kept until it worked: a repeated call makes no second session
      const { id } = await this.sessions.create(this.creationKey);
      this.creationKey = null;
      await this.tellTimeZone(id); // before the first words: "tomorrow at 5" means the reader's 5
      this.open(id);
      this.chat.peek().send(words);
      if (place.peek() === "chat") go("chat", id, { replace: true });
      return true;
    } catch (error) {
      this.refused(error);
      return false;
    } finally {
      this.creating.value = false;
    }
  }

  /** Deletes a session once the time to take it back has passed. */
  remove(session) {
    this.sessions.hide(session.id);
    if (this.chat.peek()?.sessionId === session.id) go("new");
    this.toasts.show({
      text: text.sessions.deleted(session.title || text.sessions.untitled),
      action: { label: text.undo, run: () => this.sessions.restore(session.id) },
      onGone: () => this.attempt(() => this.sessions.confirmDelete(session.id)),
    });
  }

  async removeTask(task) {
    const tasks = this.tasks.peek();
    const removed = await this.attempt(() => tasks.remove(task.id));
    if (!removed) return;
    const undo = { label: text.undo, run: () => this.attempt(() => tasks.undo()) };
    this.toasts.show({ text: text.tasks.removed(task.title), action: undo });
  }

  get guest() {
    return this.me.value?.user.kind === "guest";
  }

  /** A failure becomes a note. What an account has to do with it is known elsewhere. */
  async refused(error) {
    const limited = error.status === 402 || error.status === 429;
    this.toasts.error(error, limited ? (await import("./person.js")).wayOut(this, error) : null);
  }

  /** Runs something that may fail; a failure becomes a note. Whether it worked. */
  async attempt(action) {
    try {
      await action();
      return true;
    } catch (error) {
      this.refused(error);
      return false;
    }
  }
}

const openTasks = (tasks = []) => tasks.filter((task) => task.status === "pending").length;

// What follows when somebody else is at the page: they signed up, in or out, or the server no longer
// knows them. Fetched when that happens.
import { batch } from "./reactive.js";
import { text } from "./account/text.js";
import { wayOn } from "./limits.js";
import { go, lastTalk } from "./router.js";

const SHOWN_MS = 15_000;

/** What is shown is the new person's from now on; `keepTalk`: the talk shown last is theirs too. */
export async function changePerson(app, { keepTalk }) {
  app.me.value = null; // nothing of the person before is shown, or asked for, meanwhile
  app.open(null);
  forgetSessions(app.sessions);
  if (!keepTalk) lastTalk.value = { name: "new", id: null };
  await app.start();
}

/** A call was refused for want of a good credential: shows the way back in where the person is. */
export async function lose(app, { message }) {
  if (app.me.peek()?.user.kind !== "account") return;
  app.me.value = null; // so that other refusals of the same kind are not told again
  const action = { label: text.person.signIn, run: () => go("account") };
  app.toasts.show({ text: text.person.lost(message), action, shownMs: SHOWN_MS });
  await changePerson(app, { keepTalk: true });
}

/** The action beside a refusal, when an account or its place would help; null otherwise. */
export function wayOut(app, error) {
  const label = wayOn(error, { guest: app.guest });
  return label && { label, run: () => go("account") };
}

function forgetSessions(sessions) {
  sessions.leaving.clear();
  batch(() => {
    sessions.list.value = [];
    sessions.cursor.value = null;
    sessions.results.value = null;
    sessions.status.value = "loading";
  });
}

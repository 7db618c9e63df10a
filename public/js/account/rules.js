// What is wrong with what was typed, said before the server is asked. The server has the last word.
import { text } from "./text.js";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const KEY = /^lit_[A-Za-z0-9]{8}_[A-Za-z0-9]{32}$/;

/** Each returns {field: words}, empty when nothing is wrong. */
export function signupProblems({ name, email, invite }, { invited }) {
  return found({
    name: !name.trim(),
    email: !EMAIL.test(email.trim()),
    invite: invited && !invite.trim(),
  });
}

export const loginProblems = ({ key }) => found({ key: !KEY.test(key.trim()) });

export const keyProblems = ({ name, scopes }) => found({ name: !name.trim(), scopes: scopes.length === 0 });

/** The words of a refusal by the fields that it names, and the rest as one sentence. */
export function refusal(error, fields) {
  const problems = {};
  for (const { field, message } of error.errors ?? []) {
    const known = fields.find((name) => field === name || field.endsWith(`.${name}`));
    if (known) problems[known] ??= message;
  }
  const named = Object.keys(problems).length > 0;
  return { problems, words: named ? "" : [error.message, error.nextStep].filter(Boolean).join(" ") };
}

function found(wrong) {
  const names = Object.keys(wrong).filter((name) => wrong[name]);
  return Object.fromEntries(names.map((name) => [name, text.problems[name]]));
}

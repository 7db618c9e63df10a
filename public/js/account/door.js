// The way in: a new account, as far as new ones are made here, or a key that somebody has.
import { html, useState } from "../lib.js";
import { Icon, IconButton, Logo } from "../components/icon.js";
import { Segments } from "../components/segments.js";
import { place } from "../router.js";
import { arrive } from "./arrive.js";
import { Check, Field, Refusal, Submit, useForm } from "./form.js";
import { loginProblems, signupProblems } from "./rules.js";
import { text } from "./text.js";

export function Door({ account }) {
  const policy = account.app.me.value?.signup ?? "open";
  const [way, setWay] = useState(policy === "closed" ? "login" : "signup");
  const needed = place.value !== "account";
  return html`<div class="door">
    <section class="door-why">
      <${Logo} />
      <h2>${needed ? text.door.needed : text.door.title}</h2>
      <p class="lead">${text.door.lead}${needed && ` ${text.door.back}`}</p>
      <ul>${text.door.gains.map(({ icon, words }) => html`<li><${Icon} name=${icon} />${words}</li>`)}</ul>
    </section>
    <section class="panel">
      ${policy === "closed" ? html`<p class="note">${text.door.closed}</p>` : html`<${Segments}
        label=${text.door.waysLabel}
        options=${text.door.ways}
        chosen=${way}
        onChoose=${setWay}
      />`}
      ${way === "signup" ? html`<${SignUp} account=${account} invited=${policy === "invite"} />` : html`<${LogIn} account=${account} />`}
    </section>
  </div>`;
}

function SignUp({ account, invited }) {
  const { sessions } = account.app;
  const claimable = sessions.status.value !== "ready" || sessions.list.value.length > 0;
  const { values, problems, words, busy, set, form, submit } = useForm({
    first: { name: "", email: "", invite: "", claimChats: true },
    check: (given) => signupProblems(given, { invited }),
    send: (given) => account.signUp({ ...given, claimChats: claimable && given.claimChats }),
  });
  const field = (name) => ({ name, value: values[name], onValue: set(name), problem: problems[name], label: text.door[name] });
  return html`<form ref=${form} class="fields" novalidate onSubmit=${submit}>
    <${Field} ...${field("name")} autocomplete="name" maxlength="100" required />
    <${Field} ...${field("email")} type="email" autocomplete="email" maxlength="254" required />
    ${invited && html`<${Field} ...${field("invite")} hint=${text.door.inviteHint} autocomplete="off" maxlength="100" required />`}
    ${claimable && html`<${Check}
      label=${text.door.claim}
      hint=${text.door.claimHint}
      checked=${values.claimChats}
      onChecked=${set("claimChats")}
    />`}
    <${Refusal} words=${words} />
    <${Submit} busy=${busy} label=${text.door.create} />
  </form>`;
}

function LogIn({ account }) {
  const [shown, setShown] = useState(false);
  const { values, problems, words, busy, set, form, submit } = useForm({
    first: { key: "" },
    check: loginProblems,
    send: async ({ key }) => {
      await account.logIn(key);
      arrive(text.person.welcome(account.user.name));
    },
  });
  return html`<form ref=${form} class="fields" novalidate onSubmit=${submit}>
    <${Field}
      label=${text.door.key}
      hint=${text.door.keyHint}
      problem=${problems.key}
      value=${values.key}
      onValue=${set("key")}
      type=${shown ? "text" : "password"}
      class="mono"
      autocomplete="current-password"
      spellcheck="false"
      autocapitalize="none"
      required
      after=${html`<${IconButton}
        icon="eye"
        label=${shown ? text.door.hide : text.door.show}
        aria-pressed=${shown}
        onClick=${() => setShown(!shown)}
      />`}
    />
    <${Refusal} words=${words} />
    <${Submit} busy=${busy} label=${text.door.enter} />
  </form>`;
}

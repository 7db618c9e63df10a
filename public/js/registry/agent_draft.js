// What somebody fills in to make or change an agent: its fields, what is wrong with them, and the request they become.
// The server checks everything again; its findings come back to the same fields.
import { LOCATIONS } from "./states.js";
import { readTemplate } from "./template.js";

export const LONGEST = { name: 120, description: 1_000, promptTemplate: 16_000, systemPrompt: 8_000 };
export const CACHES = ["auto", "always", "never"];
const LONGEST_KEPT = 30 * 86_400; // seconds
const USUAL_KEPT = 86_400;
const USUAL_PASSAGES = 4;

export const EMPTY = Object.freeze({
  name: "",
  description: "",
  model: "",
  promptTemplate: "{{input}}",
  systemPrompt: "",
  temperature: "0.7",
  maxTokens: "1024",
  edgeLocations: Object.freeze(["auto"]),
  secrets: true,
  personalData: false,
  cache: "auto",
  cacheSeconds: "",
  memory: false,
  passages: "",
  gatewayId: "",
  gatewaySkipCache: false,
  gatewayCacheTtl: "",
  gatewayCollectLog: "", // "", yes, no
});

/** The fields of an agent that is there. */
export function draftOf(agent) {
  const { outputFilter = {}, memory, gateway } = agent;
  const words = (value) => (value === null || value === undefined ? "" : String(value));
  return {
    ...EMPTY,
    ...Object.fromEntries(["name", "description", "model", "promptTemplate", "systemPrompt"].map((name) => [name, words(agent[name])])),
    temperature: words(agent.temperature),
    maxTokens: words(agent.maxTokens),
    edgeLocations: agent.edgeLocations?.length ? [...agent.edgeLocations] : ["auto"],
    secrets: Boolean(outputFilter.secrets),
    personalData: Boolean(outputFilter.personalData),
    cache: agent.cache ?? "auto",
    cacheSeconds: words(agent.cacheSeconds),
    memory: Boolean(memory?.enabled),
    passages: words(memory?.passages),
    gatewayId: words(gateway?.id),
    gatewaySkipCache: Boolean(gateway?.skipCache),
    gatewayCacheTtl: words(gateway?.cacheTtl),
    gatewayCollectLog: { true: "yes", false: "no" }[gateway?.collectLog] ?? "",
  };
}

/** `{field: key of text.form.wrong}` of what must be put right first; empty when it may be sent. */
export function findings(draft) {
  const wrong = {};
  if (!draft.name.trim()) wrong.name = "name";
  if (!draft.promptTemplate.trim()) wrong.promptTemplate = "template";
  else if (readTemplate(draft.promptTemplate).faults.length) wrong.promptTemplate = "faults";
  for (const [field, most] of Object.entries(LONGEST)) if (draft[field].length > most) wrong[field] = "long";
  if (!isBetween(draft.temperature, 0, 2)) wrong.temperature = "temperature";
  if (!isWhole(draft.maxTokens, 1, 8_192)) wrong.maxTokens = "maxTokens";
  if (draft.cacheSeconds.trim() && !isWhole(draft.cacheSeconds, 1, LONGEST_KEPT)) wrong.cacheSeconds = "seconds";
  if (draft.passages.trim() && !isWhole(draft.passages, 1, 20)) wrong.passages = "passages";
  if (draft.gatewayCacheTtl.trim() && !isWhole(draft.gatewayCacheTtl, 60, LONGEST_KEPT)) wrong.gatewayCacheTtl = "ttl";
  return wrong;
}

const isBetween = (words, least, most) => words.trim() !== "" && numberOf(words) >= least && numberOf(words) <= most;
const isWhole = (words, least, most) => isBetween(words, least, most) && Number.isInteger(numberOf(words));
const numberOf = (words) => Number(words.trim().replace(",", "."));

/** A place more or less; "auto" is what is left when there is none, and goes when there is one. */
export function withLocation(chosen, location) {
  if (location === "auto") return ["auto"];
  const others = chosen.filter((each) => each !== "auto" && each !== location);
  const now = chosen.includes(location) ? others : [...others, location];
  return now.length ? LOCATIONS.filter((each) => now.includes(each)) : ["auto"];
}

/** What is asked of POST /api/agents, and of PATCH; `usual` is the model when none is named. */
export function toRequest(draft, usual = "") {
  const { name, description, promptTemplate, systemPrompt, edgeLocations, cache } = draft;
  const optional = (words) => (words.trim() ? numberOf(words) : undefined);
  return {
    name: name.trim(),
    description: description.trim(),
    model: draft.model.trim() || usual,
    promptTemplate,
    systemPrompt,
    temperature: numberOf(draft.temperature),
    maxTokens: numberOf(draft.maxTokens),
    edgeLocations: [...edgeLocations],
    outputFilter: { secrets: draft.secrets, personalData: draft.personalData },
    cache,
    cacheSeconds: optional(draft.cacheSeconds) ?? USUAL_KEPT,
    memory: { enabled: draft.memory, passages: optional(draft.passages) ?? USUAL_PASSAGES },
    gateway: gatewayOf(draft, optional),
  };
}

function gatewayOf({ gatewayId, gatewaySkipCache, gatewayCacheTtl, gatewayCollectLog }, optional) {
  const chosen = given({
    id: gatewayId.trim() || undefined,
    skipCache: gatewaySkipCache || undefined,
    cacheTtl: optional(gatewayCacheTtl),
    collectLog: { yes: true, no: false }[gatewayCollectLog],
  });
  return Object.keys(chosen).length ? chosen : null;
}

const given = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** The server's findings `[{field, message}]` as `{field of the form: message}`; "" for any other. */
export function fromServer(errors) {
  const placed = {};
  for (const { field, message } of errors) {
    const path = field.replace(/^body\./, "").split(".");
    const name = NESTED[path.join(".")] ?? path[0];
    placed[name in EMPTY ? name : ""] ??= message;
  }
  return placed;
}

const NESTED = {
  "memory.passages": "passages",
  "gateway.id": "gatewayId",
  "gateway.cacheTtl": "gatewayCacheTtl",
  "gateway": "gatewayId",
};

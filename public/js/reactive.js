// The signals that models are made of. No DOM here: models run in any JavaScript engine.
export { batch, computed, effect, signal, untracked } from "../vendor/preact-signals-core-1.14.5.js";

// The view library, named with its versions in this one place (scripts/vendor_web copies the files).
// Models import reactive.js instead, which needs no DOM.
import { h } from "../vendor/preact-11.2.0.js";
import htm from "../vendor/htm-3.1.1.js";

export { Fragment, h, render } from "../vendor/preact-11.2.0.js";
export {
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "../vendor/preact-hooks-11.2.0.js";
export { batch, computed, effect, signal, useComputed, useSignal, useSignalEffect } from "../vendor/preact-signals-2.11.4.js";

export const html = htm.bind(h);

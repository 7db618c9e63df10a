// The time for what is shown while it passes: a span that grows, a deadline that comes nearer.
import { useEffect, useState } from "../lib.js";

const SECOND_MS = 1_000;

/** Milliseconds of the epoch; moves every second while `moving`. */
export function useNow(moving) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!moving) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), SECOND_MS);
    return () => clearInterval(timer);
  }, [moving]);
  return moving ? now : Date.now();
}

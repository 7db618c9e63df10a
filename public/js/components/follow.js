// A box that shows its end while more comes, but only for somebody who is at the end: scrolling up stops
// it, coming back to the end begins it again.
import { useEffect } from "../lib.js";

const NEAR_PX = 48;

/** `box` scrolls, `inner` grows in it; `following` is a signal that this hook keeps true to the reader. */
export function useFollow(box, inner, following) {
  useEffect(() => {
    const scroller = box.current;
    let height = scroller.scrollHeight;
    const moved = () => {
      const grew = scroller.scrollHeight !== height; // growth is not the reader's doing
      height = scroller.scrollHeight;
      const distance = height - scroller.scrollTop - scroller.clientHeight;
      if (!grew || distance < NEAR_PX) following.value = distance < NEAR_PX;
    };
    const leave = (event) => {
      if (event.deltaY < 0) following.value = false;
    };
    const observer = new ResizeObserver(() => following.peek() && toEnd(scroller));
    observer.observe(inner.current);
    observer.observe(scroller);
    scroller.addEventListener("scroll", moved, { passive: true });
    scroller.addEventListener("wheel", leave, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener("scroll", moved);
      scroller.removeEventListener("wheel", leave);
    };
  }, []);
}

export function toEnd(scroller) {
  scroller?.scrollTo({ top: scroller.scrollHeight, behavior: "instant" });
}

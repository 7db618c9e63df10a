// The key that was made last, until its owner says that it is stored: {apiKey, first}. It is in this
// page's memory and nowhere else.
import { signal } from "../reactive.js";

export const freshKey = signal(null);

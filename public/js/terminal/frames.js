// The frames of a terminal's socket: bytes, the first of which says what follows. The names are those
// of docs/socket-protocol.md; what they mean is line.js's business.
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const INPUT = 0x30;
const RESIZE = 0x31;
const SEEN = 0x34;
export const SUBPROTOCOL = "tty";
export const KIND = Object.freeze({ output: "0", title: "1", error: "e", position: "p", state: "s", exit: "x" });
export const CLOSE = Object.freeze({ normal: 1000, refused: 1008, nothingHere: 4404, gone: 4410, away: 4503 });
const LONGEST_INPUT_BYTES = 32 * 1024;

/** Typed words as frames; long ones (a paste) are cut between bytes, which the shell does not notice. */
export function inputFrames(words) {
  const bytes = typeof words === "string" ? encoder.encode(words) : words;
  const frames = [];
  for (let at = 0; at < bytes.length; at += LONGEST_INPUT_BYTES) {
    frames.push(framed(INPUT, bytes.subarray(at, at + LONGEST_INPUT_BYTES)));
  }
  return frames;
}

export const resizeFrame = ({ columns, rows }) => framed(RESIZE, encoder.encode(JSON.stringify({ columns, rows })));
export const seenFrame = (position) => framed(SEEN, encoder.encode(String(position)));

/** `{kind, body}`: bytes for output, a text for a title, a value for the rest. */
export function read(data) {
  const bytes = typeof data === "string" ? encoder.encode(data) : new Uint8Array(data);
  const kind = String.fromCharCode(bytes[0]);
  const body = bytes.subarray(1);
  if (kind === KIND.output) return { kind, body };
  const words = decoder.decode(body);
  return { kind, body: kind === KIND.title ? words : JSON.parse(words) };
}

function framed(kind, body) {
  const frame = new Uint8Array(body.length + 1);
  frame[0] = kind;
  frame.set(body, 1);
  return frame;
}

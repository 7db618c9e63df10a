// Server-sent events (WHATWG HTML, 9.2) of an answer to POST, which EventSource cannot ask for.

/** Yields the data of each event of a response's body, as it comes. Ends when the body does. */
export async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const lines = new Lines();
  let data = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return; // an event without its empty line is none
      for (const line of lines.take(value)) {
        if (line === "") {
          if (data.length) yield data.join("\n");
          data = [];
        } else if (line.startsWith("data:")) {
          data.push(line.slice(line[5] === " " ? 6 : 5));
        }
      }
    }
  } finally {
    reader.cancel().catch(() => {}); // who stops reading stops the answer
  }
}

/** Cuts text that comes in pieces into lines, which end with \n, \r\n or \r. */
export class Lines {
  rest = "";

  take(piece) {
    const text = this.rest + piece;
    const isCut = text.endsWith("\r"); // a \n may follow
    const lines = (isCut ? text.slice(0, -1) : text).split(/\r\n|\n|\r/);
    this.rest = lines.pop() + (isCut ? "\r" : "");
    return lines;
  }
}

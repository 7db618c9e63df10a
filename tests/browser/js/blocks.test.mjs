import assert from "node:assert/strict";
import { test } from "node:test";
import { Lexer } from "../../../public/vendor/marked-18.2.1.js";
import { Blocks } from "../../../public/js/markdown/blocks.js";

const SAMPLES = {
  plain: "One.\n\nTwo with **bold**.\n\n\nThree.",
  headings: "# A\ntext\n## B\n\nSetext\n===\n\nend",
  lists: "- a\n- b\n\n  more of b\n\n- c\n\n1. x\n2. y\n\ntext\n\n* other",
  nested: "- a\n  - b\n    ```js\n    let x;\n    ```\n  - c\n- d\n\nend",
  code: "before\n```python\nx = 1\n\n\ny = 2\n```\nafter\n\n~~~\ntilde\n~~~\n",
  "code that never ends": "text\n\n```\nopen\n\nstill\n",
  table: "intro\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\nend",
  quote: "> a\n> b\n\n> c\n\nend\n",
  html: "<div>\nx\n</div>\n\ntext <b>bold</b>\n\n<!-- note\n\n-->\n\nend",
  rule: "a\n\n---\n\nb\n***\nc",
  "windows lines": "a\r\n\r\n- b\r\n- c\r\n\r\nd",
};

const shape = (blocks) => blocks.map(({ type, raw }) => [type, raw.trim()]);

for (const [name, text] of Object.entries(SAMPLES)) {
  test(`${name}: what streams in letter by letter ends as what is read at once`, () => {
    const blocks = new Blocks();
    for (let length = 1; length < text.length; length++) blocks.read(text.slice(0, length), false);
    const { settled, open } = blocks.read(text, true);
    const whole = new Lexer({ gfm: true }).lex(text).filter(({ type }) => type !== "space");
    assert.deepEqual(shape([...settled, ...open]), shape(whole));
  });
}

test("a settled block stays the same object, so that it is drawn once", () => {
  const blocks = new Blocks();
  const [first] = blocks.read("One.\n\nTwo.\n", false).settled;
  const [again] = blocks.read("One.\n\nTwo.\n\nThree.\n", false).settled;
  assert.equal(first, again);
});

test("only the end of a long text is lexed again", () => {
  const blocks = new Blocks();
  const text = "A paragraph.\n\n".repeat(500);
  blocks.read(text, false);
  assert.ok(text.length - blocks.offset < 100);
});

test("a reference that is defined after its use becomes a link when the text is complete", () => {
  const blocks = new Blocks();
  const text = "See [tides][1].\n\nMore.\n\nAnd more.\n\n[1]: https://example.org/\n";
  for (let length = 1; length < text.length; length++) blocks.read(text.slice(0, length), false);
  const [paragraph] = blocks.read(text, true).settled;
  assert.ok(paragraph.tokens.some(({ type }) => type === "link"));
});

test("headings go down one level at a time", () => {
  const { settled } = new Blocks().read("### A\n\n##### B\n\n# C\n\n## D\n", true);
  assert.deepEqual(settled.map(({ level }) => level), [2, 3, 2, 3]);
});

test("a text that is replaced begins anew", () => {
  const blocks = new Blocks();
  blocks.read("Old.\n\nText.\n\nHere.", false);
  const { settled } = blocks.read("New.", true);
  assert.deepEqual(shape(settled), [["paragraph", "New."]]);
});

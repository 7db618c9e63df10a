import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest, ofPalette } from "../../../public/js/runs/ansi_colours.js";
import { LogSearch } from "../../../public/js/runs/log_search.js";
import { BLOCK_LINES, LINE_COLUMNS, OutputLog } from "../../../public/js/runs/output_log.js";

function logOf(...pieces) {
  const log = new OutputLog();
  for (const piece of pieces) log.append(0, "stdout", piece);
  log.flush();
  return log;
}

const linesOf = (log) => log.blocks.value.flatMap((block) => block.lines);
const piecesOf = (log) => linesOf(log).map((line) => line.pieces.map(({ style, text }) => [style, text]));

test("lines are lines, whatever their ends and wherever the pieces were cut", () => {
  assert.equal(logOf("one\ntw", "o\r", "\nthree").text(), "one\ntwo\nthree\n");
});

test("colours become classes and end where they are told to", () => {
  assert.deepEqual(piecesOf(logOf("\u001b[1;31mred\u001b[0m plain \u001b[42min green\u001b[49m\n")), [
    [["f1 bold", "red"], ["", " plain "], ["g2", "in green"]],
  ]);
});

test("a sequence that is cut in two is read as one", () => {
  for (const cut of [1, 2, 3, 4, 5]) {
    const sequence = "\u001b[32mgreen";
    assert.deepEqual(piecesOf(logOf(sequence.slice(0, cut), sequence.slice(cut))), [[["f2", "green"]]]);
  }
});

test("a colour lasts over the end of a line", () => {
  assert.deepEqual(piecesOf(logOf("\u001b[33ma\nb\n")), [[["f3", "a"]], [["f3", "b"]]]);
});

test("256 and 16 million colours become the nearest of sixteen", () => {
  assert.equal(ofPalette(9), 9);
  assert.equal(ofPalette(196), 1);
  assert.equal(ofPalette(255), 15);
  assert.equal(nearest([90, 90, 250]), 12);
  const forms = ["\u001b[38;5;21mx", "\u001b[38;2;0;0;180mx", "\u001b[38:2::0:0:180mx"];
  for (const form of forms) assert.deepEqual(piecesOf(logOf(form)), [[["f4", "x"]]]);
});

test("an exchanged ink and ground is exchanged, and back again", () => {
  assert.deepEqual(piecesOf(logOf("\u001b[7mx\u001b[27my")), [[["fground gink", "x"], ["", "y"]]]);
});

test("titles, links and moves of the cursor are left out, their words stay", () => {
  const link = "\u001b]8;;https://example.org\u0007word\u001b]8;;\u001b\\";
  assert.equal(logOf(`\u001b]0;title\u0007${link}\u001b[2J\u001b[3;4H\u001b(B!\n`).text(), "word!\n");
});

test("a sequence without an end does not swallow what follows for ever", () => {
  const log = logOf(`\u001b]0;${"x".repeat(5_000)}`, "seen\n");
  assert.ok(log.text().includes("seen"));
});

test("a progress bar writes over itself and is one line in the end", () => {
  const bar = Array.from({ length: 500 }, (_, at) => `\r${at}% done`);
  const log = logOf(...bar, "\nready\n");
  assert.equal(log.text(), "499% done\nready\n");
});

test("what is shorter leaves the rest of the longer line, as a terminal does", () => {
  assert.equal(logOf("abcdef\rXY\n").text(), "XYcdef\n");
  assert.equal(logOf("abcdef\rXY\u001b[K\n").text(), "XY\n");
  assert.equal(logOf("abc\b\bX\n").text(), "aXc\n");
  assert.equal(logOf("abcdef\r\u001b[2Knew\n").text().trimEnd(), "new");
});

test("colours of what was written over are kept where it was not", () => {
  assert.deepEqual(piecesOf(logOf("\u001b[31mabcd\u001b[0m\rX")), [[["", "X"], ["f1", "bcd"]]]);
});

test("stdout and stderr do not break each other's lines", () => {
  const log = new OutputLog();
  log.append(0, "stdout", "50%");
  log.append(0, "stderr", "careful\n");
  log.append(0, "stdout", "\r100%\n");
  log.flush();
  assert.deepEqual(linesOf(log).map(({ stream, text }) => [stream, text]), [["stdout", "100%"], ["stderr", "careful"]]);
  assert.equal(log.text("stderr"), "careful\n");
});

test("a line that is too long goes on in the next and is one when it is copied", () => {
  const long = "x".repeat(LINE_COLUMNS * 2 + 7);
  const log = logOf(`${long}\n`);
  assert.equal(linesOf(log).length, 3);
  assert.equal(log.text(), `${long}\n`);
});

test("a megabyte is a few blocks, of which a new line touches the last only", () => {
  const log = logOf(`${"some words of output ".repeat(3)}\n`.repeat(16_500));
  const blocks = log.blocks.value;
  const versions = blocks.map((block) => block.version.value);
  assert.equal(blocks.length, 165);
  assert.ok(blocks.every((block) => block.lines.length === BLOCK_LINES));
  log.append(0, "stdout", "one more\n");
  log.flush();
  assert.deepEqual(blocks.map((block) => block.version.value), versions);
  assert.equal(log.blocks.value.length, 166);
});

test("the mark of what was not kept stands where it was left out", () => {
  const log = logOf("before");
  log.skipped(0, 1_000);
  log.append(0, "stdout", "after\n");
  log.flush();
  assert.deepEqual(linesOf(log).map(({ kind, text, bytes }) => [kind, text || bytes]), [["text", "before"], ["skipped", 1_000], ["text", "after"]]);
});

test("every match is found and walked through in both directions", () => {
  const search = new LogSearch(logOf("Tide one tide\nnothing\nTIDE\n"));
  search.look("tide");
  assert.equal(search.count.value, 3);
  assert.deepEqual([search.current.line, search.current.index], [0, 0]);
  search.move(-1);
  assert.deepEqual([search.current.line, search.current.index], [2, 0]);
  search.move(1);
  assert.equal(search.at.value, 0);
});

test("signs that mean something in a pattern are looked for as they are", () => {
  const search = new LogSearch(logOf("a.b (c) [d] $e\\\n"));
  for (const words of ["a.b", "(c)", "[d]", "$e\\"]) {
    search.look(words);
    assert.equal(search.count.value, 1, words);
  }
});

test("a search goes on finding in what comes later, and a stream can be left out", () => {
  const log = logOf("error one\n");
  const search = new LogSearch(log);
  search.look("error");
  assert.equal(search.count.value, 1);
  log.append(0, "stderr", "error two\n");
  log.flush();
  assert.equal(search.count.value, 2);
  search.stream.value = "stderr";
  assert.equal(search.count.value, 1);
});

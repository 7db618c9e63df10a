import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeEntities } from "../../../public/js/markdown/entities.js";
import { outsideLink } from "../../../public/js/markdown/links.js";

const REFUSED = [
  "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", " javascript:alert(1)", "data:text/html,<script>1</script>",
  "vbscript:x", "blob:https://example.org/1", "file:///etc/passwd", "//example.org/x", "/api/sessions", "#/s/1", "?q=x", "", "https://",
  "view-source:https://example.org", "intent://x", "ftp://example.org/",
];

for (const address of REFUSED) {
  test(`${JSON.stringify(address)} stays text`, () => assert.equal(outsideLink(address), null));
}

test("a link names the host that it really leads to", () => {
  assert.equal(outsideLink("https://example.org/a?b#c").host, "example.org");
  assert.equal(outsideLink("https://good.example@evil.example/").host, "evil.example");
  assert.equal(outsideLink("https://exämple.org/").host, "xn--exmple-cua.org");
  assert.equal(outsideLink("http://example.org:8080/").host, "example.org:8080");
  assert.equal(outsideLink("mailto:sea@example.org").host, "sea@example.org");
});

test("character references become characters, unknown ones stay as they are", () => {
  assert.equal(decodeEntities("a &lt;b&gt; &amp; &#39;c&#x27; &copy; &hellip; &nosuch; & &;"), "a <b> & 'c' © … &nosuch; & &;");
  assert.equal(decodeEntities("&#0; &#x110000;"), "\ufffd \ufffd");
});

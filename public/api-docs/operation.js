// One route of the description as an article.

import { curlCommand } from "./curl.js";
import { element, prose } from "./element.js";
import { fieldList, typeInWords } from "./schema.js";

/** Everything that the description says of one method of one path. */
export function operationView(document_, method, path, operation) {
  return element(
    "article",
    { id: operation.operationId, "aria-labelledby": `${operation.operationId}-name` },
    element(
      "h3",
      { id: `${operation.operationId}-name` },
      element("span", { class: `method ${method}` }, method.toUpperCase()),
      " ",
      element("code", null, path),
    ),
    element("p", null, prose(operation.description ?? operation.summary ?? "")),
    parameters(document_, operation),
    requestBody(document_, operation),
    answers(document_, operation),
    tryIt(`${method.toUpperCase()} ${path}`, curlCommand(document_, method, path, operation)),
  );
}

function parameters(document_, operation) {
  const found = operation.parameters ?? [];
  if (!found.length) return null;
  return part(
    "Parameters",
    element(
      "ul",
      { class: "fields" },
      found.map((each) =>
        element(
          "li",
          null,
          element("code", null, each.name),
          element("span", { class: "needed" }, each.required ? `${each.in}, needed` : each.in),
          element("span", { class: "type" }, typeInWords(document_, each.schema)),
          each.description ? element("span", { class: "note" }, prose(each.description)) : null,
        ),
      ),
    ),
  );
}

function requestBody(document_, operation) {
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  return schema ? part("Body", fieldList(document_, schema)) : null;
}

function answers(document_, operation) {
  const rows = Object.entries(operation.responses).map(([status, response]) => {
    const schema = response.content?.["application/json"]?.schema;
    const isProblem = Boolean(response.content?.["application/problem+json"]);
    return element(
      "li",
      null,
      element("code", { class: isProblem ? "problem" : "good" }, status),
      element("span", { class: "note" }, prose(response.description)),
      schema ? fieldList(document_, schema) : null,
    );
  });
  return part("Answers", element("ul", { class: "fields" }, rows));
}

function part(title, ...content) {
  return element("details", null, element("summary", null, title), ...content);
}

function tryIt(name, command) {
  const code = element("code", null, command);
  const button = element("button", { type: "button", "aria-label": `Copy ${name}` }, "Copy");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(command);
    document.getElementById("state").textContent = "The command is copied.";
  });
  const label = `curl command of ${name}`;
  const box = element("pre", { tabindex: "0", role: "region", "aria-label": label }, code);
  return element("div", { class: "try" }, box, button);
}

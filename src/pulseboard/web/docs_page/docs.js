// Shows /openapi.json. Text is only ever set as text, so nothing in the document can become markup.

const METHODS = ["get", "post", "patch", "put", "delete"];
const DEEPEST = 5; // levels of an example: shapes may contain themselves

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

// `code` becomes code; everything else stays text.
function prose(text) {
  return (text ?? "").split("`").map((part, index) => (index % 2 ? make("code", { textContent: part }) : part));
}

function resolve(spec, schema) {
  let found = schema ?? {};
  while (found.$ref) {
    found = found.$ref.slice(2).split("/").reduce((part, name) => part?.[name], spec) ?? {};
  }
  return found;
}

function example(spec, raw, depth = 0) {
  const schema = resolve(spec, raw);
  const known = schema.examples?.[0] ?? schema.const ?? schema.enum?.[0] ?? schema.default;
  if (known !== undefined && known !== null) return known;
  const choice = (schema.oneOf ?? schema.anyOf)?.find((one) => resolve(spec, one).type !== "null");
  if (choice) return example(spec, choice, depth);
  if (depth > DEEPEST) return "…";
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== "null") : schema.type;
  if (type === "object" || schema.properties) {
    const fields = Object.entries(schema.properties ?? {});
    return Object.fromEntries(fields.map(([name, field]) => [name, example(spec, field, depth + 1)]));
  }
  if (type === "array") return [example(spec, schema.items, depth + 1)];
  return { string: "text", integer: 0, number: 0.5, boolean: true }[type] ?? null;
}

function typeName(spec, raw) {
  const schema = resolve(spec, raw);
  const choices = schema.oneOf ?? schema.anyOf;
  if (schema.enum) return schema.enum.join(" | ");
  // In a query nothing can be null: such a parameter may be left out, which is what all but the needed ones may.
  if (choices) {
    const names = choices.map((one) => typeName(spec, one));
    return names.filter((name) => name !== "null").join(" or ");
  }
  return [schema.type ?? "anything"].flat().join(" or ");
}

function parameterTable(spec, parameters) {
  const rows = parameters.map((parameter) =>
    make(
      "tr",
      {},
      make("td", {}, make("code", { textContent: parameter.name })),
      make("td", { className: "soft", textContent: parameter.required ? `${parameter.in}, needed` : parameter.in }),
      make("td", { textContent: typeName(spec, parameter.schema) }),
      make("td", {}, ...prose(parameter.description ?? parameter.schema?.description)),
    ),
  );
  return [make("h3", { textContent: "Parameters" }), make("table", {}, ...rows)];
}

function json(value) {
  return make("pre", { textContent: JSON.stringify(value, null, 2) });
}

function answerRow(spec, status, answer) {
  const cell = make("td", {}, ...prose(answer.description));
  const body = Object.values(answer.content ?? {})[0]?.schema;
  if (body && status < "300") cell.append(json(example(spec, body)));
  return make("tr", {}, make("td", {}, make("code", { textContent: status })), cell);
}

function curl(spec, method, path, operation) {
  const lines = [`curl -X ${method.toUpperCase()} ${location.origin}${path}`];
  if (operation.security?.length) lines.push('-H "x-api-key: $KEY"');
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  if (body) lines.push('-H "content-type: application/json"', `-d '${JSON.stringify(example(spec, body))}'`);
  return make("pre", { textContent: lines.join(" \\\n  ") });
}

function details(spec, method, path, operation) {
  const box = make("div");
  if (operation.description?.replace(/\.$/, "") !== operation.summary) {
    box.append(make("p", {}, ...prose(operation.description)));
  }
  if (operation.parameters?.length) box.append(...parameterTable(spec, operation.parameters));
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  if (body) box.append(make("h3", { textContent: "Body" }), json(example(spec, body)));
  const answers = Object.entries(operation.responses ?? {}).sort();
  box.append(
    make("h3", { textContent: "Answers" }),
    make("table", {}, ...answers.map(([status, answer]) => answerRow(spec, status, answer))),
    make("h3", { textContent: "By hand" }),
    curl(spec, method, path, operation),
  );
  return box;
}

function callCard(spec, method, path, operation) {
  const id = operation.operationId ?? `${method}${path}`;
  const summary = make(
    "summary",
    {},
    make("span", { className: `method ${method}`, textContent: method.toUpperCase() }),
    make("code", { textContent: path }),
    make("span", { className: "soft" }, ...prose(operation.summary)),
  );
  const card = make("details", { className: "call" }, summary);
  // Built when it is opened: most readers open a few of many.
  card.addEventListener("toggle", () => {
    if (card.open && card.children.length === 1) card.append(details(spec, method, path, operation));
  });
  return make("article", { id }, card);
}

function operations(spec) {
  return Object.entries(spec.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({
      path,
      method,
      operation: item[method],
      tag: item[method].tags?.[0] ?? "other",
    })),
  );
}

function show(spec) {
  document.getElementById("intro").append(...prose(spec.info.description));
  const index = document.getElementById("index");
  const calls = document.getElementById("calls");
  const entries = operations(spec);
  for (const tag of [...new Set(entries.map((entry) => entry.tag))]) {
    const group = make("section", {}, make("h2", { textContent: tag }));
    const links = make("section", {}, make("h2", { textContent: tag }));
    for (const entry of entries.filter((one) => one.tag === tag)) {
      const card = callCard(spec, entry.method, entry.path, entry.operation);
      const name = `${entry.method.toUpperCase()} ${entry.path}`;
      const link = make("a", { href: `#${card.id}`, textContent: name });
      link.addEventListener("click", () => { card.firstElementChild.open = true; });
      card.dataset.words = link.dataset.words = `${name} ${entry.operation.summary ?? ""}`.toLowerCase();
      group.append(card);
      links.append(link);
    }
    calls.append(group);
    index.append(links);
  }
  const asked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (asked?.firstElementChild) asked.firstElementChild.open = true;
  asked?.scrollIntoView();
}

function filter(words) {
  for (const node of document.querySelectorAll("[data-words]")) {
    node.hidden = !node.dataset.words.includes(words.trim().toLowerCase());
  }
  for (const group of document.querySelectorAll("section")) {
    group.hidden = !group.querySelector("[data-words]:not([hidden])");
  }
}

document.getElementById("search").addEventListener("input", (event) => filter(event.target.value));

fetch("/openapi.json")
  .then((answer) => answer.json())
  .then(show)
  .catch((problem) => {
    document.getElementById("intro").textContent = `The document could not be read: ${problem}`;
  });

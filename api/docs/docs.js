// Renders /openapi.json: a section for each resource, an entry for each
// operation, with its parameters, body and answers. Everything is put into the
// page as text, never as markup.
"use strict";

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function render(api) {
  const main = document.getElementById("main");
  const resources = document.getElementById("resources");
  document.getElementById("status").remove();
  main.append(element("p", {}, api.info.description));
  main.append(element("p", {}, "Version " + api.info.version + ". The document itself: ", element("a", { href: "/openapi.json" }, "/openapi.json")));

  for (const [tag, operations] of byTag(api)) {
    resources.append(element("a", { href: "#" + tag }, tag));
    main.append(element("h2", { id: tag }, tag));
    for (const operation of operations) main.append(entry(api, operation));
  }
  main.append(element("h2", { id: "shapes" }, "Shapes"));
  resources.append(element("a", { href: "#shapes" }, "Shapes"));
  for (const [name, schema] of Object.entries(api.components.schemas)) {
    const shape = element("details", { id: "shape-" + name }, element("summary", {}, element("code", {}, name)));
    shape.append(element("div", {}, table(schema)));
    main.append(shape);
  }
  open();
}

function byTag(api) {
  const tags = new Map();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = (operation.tags || ["other"])[0];
      if (!tags.has(tag)) tags.set(tag, []);
      tags.get(tag).push({ ...operation, path, method: method.toUpperCase() });
    }
  }
  return tags;
}

function entry(api, operation) {
  const details = element("div", {}, element("p", { class: "muted" }, operation.description || ""));
  if (operation.parameters && operation.parameters.length > 0) {
    details.append(element("h3", {}, "Parameters"), table({
      properties: Object.fromEntries(operation.parameters.map((p) => [p.name, { ...p.schema, description: p.description || p.schema.description }])),
      required: operation.parameters.filter((p) => p.required).map((p) => p.name),
    }));
  }
  if (operation.requestBody) details.append(element("h3", {}, "Body"), content(operation.requestBody.content));
  for (const [status, answer] of Object.entries(operation.responses)) {
    details.append(element("h3", {}, "Answer " + status), answer.content ? content(answer.content) : element("p", {}, "No body."));
  }
  return element("details", { id: operation.operationId },
    element("summary", {}, element("code", {}, operation.method + " " + operation.path), element("span", {}, operation.summary)), details);
}

function content(kinds) {
  const parts = Object.entries(kinds).map(([kind, { schema }]) =>
    element("div", {}, element("p", {}, element("code", {}, kind), " ", ...type(schema)), ...(schema && schema.properties ? [table(schema)] : [])));
  return element("div", {}, ...parts);
}

/** Says in a few words what a schema is, with links to the shapes it names. */
function type(schema) {
  if (!schema) return ["any"];
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    return [element("a", { href: "#shape-" + name }, name)];
  }
  if (schema.oneOf) return schema.oneOf.flatMap((one, i) => (i > 0 ? [" or ", ...type(one)] : type(one)));
  const kinds = [].concat(schema.type || "any");
  if (kinds.includes("array")) return ["list of ", ...type(schema.items)];
  const words = [kinds.join(" or ")];
  if (schema.format) words.push(" (" + schema.format + ")");
  if (schema.enum) words.push(": " + schema.enum.join(", "));
  return words;
}

function table(schema) {
  const rows = Object.entries(schema.properties || {}).map(([name, property]) =>
    element("tr", {},
      element("td", {}, name + ((schema.required || []).includes(name) ? "" : "?")),
      element("td", {}, ...type(property)),
      element("td", { class: "muted" }, property.description || "")));
  if (rows.length === 0) return element("p", {}, ...type(schema));
  const head = element("tr", {}, ...["Name", "Type", "Meaning"].map((title) => element("th", { scope: "col" }, title)));
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
}

/** Opens the entry that the address points to. */
function open() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
  if (target) target.scrollIntoView();
}

addEventListener("hashchange", open);
fetch("/openapi.json")
  .then((answer) => {
    if (!answer.ok) throw new Error("the server answered " + answer.status);
    return answer.json();
  })
  .then(render)
  .catch((error) => {
    document.getElementById("status").textContent = "The document could not be loaded: " + error.message + ". Reload the page to try again.";
  });

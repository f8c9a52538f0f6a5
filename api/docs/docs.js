// Draws /openapi.json as a page for people. Everything is made with the DOM, never from text as markup.
import { exampleOf, merged, resolve, rulesOf, typeOf, useDescription } from "./schema.js";
import { tryIt } from "./try.js";
import { h, prose } from "./dom.js";

const METHODS = ["get", "post", "put", "patch", "delete"];

const main = document.getElementById("main");
const nav = document.getElementById("nav");
const search = document.getElementById("search");
const state = document.getElementById("state");

// Every operation with what it inherits from its path.
function operationsOf(api) {
  return Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => {
      const spec = item[method];
      const server = (spec.servers ?? item.servers ?? api.servers)[0].url.replace(/\/$/, "");
      return {
        method,
        path,
        spec,
        server,
        id: spec.operationId,
        parameters: [...(item.parameters ?? []), ...(spec.parameters ?? [])].map(resolve),
        needsToken: (spec.security ?? api.security ?? []).some((way) => "curatorToken" in way),
        tokenIsOptional: (spec.security ?? []).some((way) => Object.keys(way).length === 0),
      };
    }),
  );
}

function fieldsOf(schema, depth = 0) {
  const s = merged(schema);
  if (s.oneOf) return h("div", {}, s.oneOf.map((one) => fieldsOf(one, depth)));
  if ([s.type].flat().includes("array") && s.items) return fieldsOf(s.items, depth);
  const properties = Object.entries(s.properties ?? {});
  if (!properties.length) return h("span");
  return h(
    "ul",
    { class: "fields" },
    properties.map(([name, value]) => {
      const inner = depth < 6 ? fieldsOf(value, depth + 1) : h("span");
      const nested = inner.tagName === "UL" || inner.childElementCount > 0;
      return h(
        "li",
        {},
        h("span", { class: "name" }, name),
        " ",
        h("span", { class: "type" }, typeOf(value)),
        " ",
        s.required?.includes(name) ? h("span", { class: "must" }, "always there") : "",
        " ",
        h("span", { class: "rules" }, rulesOf(value)),
        prose(merged(value).description),
        nested ? h("details", { open: depth < 1 }, h("summary", { class: "rules" }, `Fields of ${name}`), inner) : "",
      );
    }),
  );
}

function mediaOf(content, example) {
  return Object.entries(content ?? {}).map(([type, media]) => {
    const shown = media.example ?? example ?? (media.schema ? exampleOf(media.schema) : undefined);
    return h(
      "div",
      {},
      h("p", {}, h("code", {}, type)),
      media.schema && type === "application/json" ? fieldsOf(media.schema) : "",
      shown !== undefined
        ? h("pre", {}, h("code", {}, typeof shown === "string" ? shown : JSON.stringify(shown, null, 2)))
        : "",
    );
  });
}

function parametersOf(operation) {
  if (!operation.parameters.length) return "";
  return h(
    "div",
    {},
    h("h3", {}, "Parameters"),
    h(
      "div",
      { class: "scroll" },
      h(
        "table",
        { class: "params" },
        h("thead", {}, h("tr", {}, ["Name", "Where", "Type", "Meaning"].map((t) => h("th", { scope: "col" }, t)))),
        h(
          "tbody",
          {},
          operation.parameters.map((p) =>
            h(
              "tr",
              {},
              h("td", {}, h("span", { class: "name" }, p.name), p.required ? h("div", { class: "must" }, "required") : ""),
              h("td", {}, p.in),
              h("td", {}, h("span", { class: "type" }, typeOf(p.schema ?? {})), h("div", { class: "rules" }, rulesOf(p.schema ?? {}))),
              h("td", {}, prose(p.description)),
            ),
          ),
        ),
      ),
    ),
  );
}

function answersOf(operation) {
  return h(
    "div",
    {},
    h("h3", {}, "Answers"),
    Object.entries(operation.spec.responses ?? {}).map(([status, answer]) => {
      const a = resolve(answer);
      const headers = Object.entries(a.headers ?? {});
      return h(
        "details",
        { class: "answer", open: status === "200" || status === "201" },
        h(
          "summary",
          {},
          h("span", { class: `status ${status < "300" ? "ok" : "no"}` }, status === "default" ? "other" : status),
          a.description,
        ),
        headers.length
          ? h("p", { class: "rules" }, "Headers: ", headers.flatMap(([name], i) => [i ? ", " : "", h("code", {}, name)]))
          : "",
        mediaOf(a.content),
      );
    }),
  );
}

function drawBody(operation) {
  const body = operation.spec.requestBody && resolve(operation.spec.requestBody);
  return [
    prose(operation.spec.description),
    h("p", { class: "rules" }, "Address: ", h("code", {}, operation.server + operation.path)),
    parametersOf(operation),
    body
      ? h("div", {}, h("h3", {}, body.required ? "Body" : "Body, if you like"), prose(body.description), mediaOf(body.content))
      : "",
    answersOf(operation),
    operation.method === "get" ? tryIt(operation) : "",
  ];
}

function draw(operation) {
  const inside = h("div", { class: "body" });
  const details = h(
    "details",
    { class: "operation", id: operation.id },
    h(
      "summary",
      {},
      h("span", { class: `method ${operation.method}` }, operation.method.toUpperCase()),
      h("span", { class: "path" }, operation.path),
      h("span", { class: "what" }, operation.spec.summary),
      operation.needsToken ? h("span", { class: "lock" }, operation.tokenIsOptional ? "token, maybe" : "needs the token") : "",
    ),
    inside,
  );
  // Drawn when somebody looks: sixty routes with all their fields are slow on a phone.
  details.addEventListener("toggle", () => {
    if (details.open && !inside.childElementCount) inside.append(...drawBody(operation).filter(Boolean));
  });
  return details;
}

// What a search looks through.
function wordsOf(operation) {
  const { spec } = operation;
  const names = operation.parameters.map((p) => `${p.name} ${p.description ?? ""}`);
  const body = spec.requestBody ? JSON.stringify(resolve(spec.requestBody)) : "";
  const ok = spec.responses?.["200"] ?? spec.responses?.["201"];
  const fields = [];
  const collect = (schema, depth) => {
    const s = merged(schema);
    for (const [name, value] of Object.entries(s.properties ?? {})) {
      fields.push(name);
      if (depth < 5) collect(value, depth + 1);
    }
    if (s.items && depth < 5) collect(s.items, depth + 1);
  };
  const json = ok && resolve(ok).content?.["application/json"]?.schema;
  if (json) collect(json, 0);
  return [operation.method, operation.path, operation.id, spec.summary, spec.description, ...names, body, ...fields]
    .join(" ")
    .toLowerCase();
}

function start(api) {
  useDescription(api);
  document.title = api.info.title;
  document.getElementById("version").textContent = `${api.info.version}`;
  const operations = operationsOf(api);
  const nothing = h("p", { class: "nothing", hidden: true }, "No route has these words.");
  const intro = h("section", { class: "intro" }, h("h1", {}, api.info.title), h("p", {}, api.info.summary ?? ""), prose(api.info.description));
  const groups = api.tags.map((tag) => {
    const own = operations.filter((o) => o.spec.tags?.includes(tag.name)).map((o) => ({ card: draw(o), words: wordsOf(o), o }));
    const links = own.map(({ o }) =>
      h("li", {}, h("a", { href: `#${o.id}` }, h("span", { class: `method ${o.method}` }, o.method.toUpperCase()), h("span", { class: "path" }, o.path))),
    );
    const heading = h("h2", {}, tag.name);
    const list = h("ul", {}, links);
    nav.append(heading, list);
    const section = h("section", {}, h("h2", { id: `tag-${tag.name}` }, tag.name), prose(tag.description), own.map(({ card }) => card));
    return { section, heading, list, own, links };
  });
  main.replaceChildren(intro, nothing, ...groups.map((g) => g.section));

  const filter = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const group of groups) {
      let here = 0;
      group.own.forEach(({ card, words }, i) => {
        const fits = wanted.every((word) => words.includes(word));
        card.hidden = group.links[i].hidden = !fits;
        here += fits ? 1 : 0;
      });
      group.section.hidden = group.heading.hidden = group.list.hidden = here === 0;
      shown += here;
    }
    intro.hidden = wanted.length > 0;
    nothing.hidden = shown > 0;
  };
  search.addEventListener("input", filter);
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.tagName !== "DETAILS") return;
    target.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", follow);
  follow();
}

try {
  const answer = await fetch("/openapi.json");
  if (!answer.ok) throw new Error(`/openapi.json answered ${answer.status}`);
  start(await answer.json());
} catch (error) {
  state.textContent = `The description could not be read: ${error.message}. Reload the page to try again.`;
}

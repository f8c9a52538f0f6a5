// Asks this very server. Reading only: a page of documentation should not change a station by accident.
import { h } from "./dom.js";
import { resolve } from "./schema.js";

const kept = { session: "", token: "" };  // for as long as the page is open

function control(parameter) {
  const schema = resolve(parameter.schema ?? {});
  const id = `${parameter.in}:${parameter.name}`;
  const isSession = parameter.name === "X-Session-Id";
  let input;
  if (schema.enum || schema.type === "boolean") {
    const values = schema.enum ?? ["true", "false"];
    input = h("select", { name: id }, h("option", { value: "" }, "not given"), values.map((v) => h("option", { value: v }, `${v}`)));
  } else {
    const example = parameter.required ? (parameter.example ?? schema.examples?.[0] ?? "") : "";
    input = h("input", { name: id, value: isSession ? kept.session : example, spellcheck: "false", autocomplete: "off" });
  }
  return h("label", {}, parameter.name + (parameter.required ? "" : ", optional"), input);
}

function requestOf(operation, values) {
  let path = operation.path;
  const query = new URLSearchParams();
  const headers = {};
  for (const p of operation.parameters) {
    const value = values.get(`${p.in}:${p.name}`)?.trim();
    if (!value) continue;
    if (p.in === "path") path = path.replace(`{${p.name}}`, encodeURIComponent(value));
    if (p.in === "query") query.set(p.name, value);
    if (p.in === "header") headers[p.name] = value;
  }
  const token = values.get("token")?.trim();
  if (token) headers.Authorization = `Bearer ${token}`;
  return { url: operation.server + path + (query.size ? `?${query}` : ""), headers };
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function curlOf({ url, headers }) {
  const shown = Object.entries(headers).map(([name, value]) => `  -H ${quoted(`${name}: ${name === "Authorization" ? "Bearer …" : value}`)}`);
  return [`curl ${quoted(location.origin + url)}`, ...shown].join(" \\\n");
}

async function bodyOf(answer) {
  const type = answer.headers.get("content-type") ?? "";
  if (type.includes("json")) {
    const text = await answer.text();
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  }
  if (type.startsWith("text/")) return answer.text();
  const bytes = await answer.arrayBuffer();
  return `${bytes.byteLength} bytes of ${type || "something"}`;
}

export function tryIt(operation) {
  const out = h("div", { "aria-live": "polite" });
  const form = h(
    "form",
    {},
    operation.parameters.map(control),
    operation.needsToken ? h("label", {}, "The curator's token", h("input", { name: "token", type: "password", value: kept.token, autocomplete: "off" })) : "",
    h("button", { type: "submit" }, "Ask"),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = new FormData(form);
    kept.session = values.get("header:X-Session-Id") ?? kept.session;
    kept.token = values.get("token") ?? kept.token;
    const request = requestOf(operation, values);
    out.replaceChildren(h("h4", {}, "Request"), h("pre", {}, h("code", {}, curlOf(request))), h("p", {}, "Waiting…"));
    const begun = performance.now();
    try {
      const answer = await fetch(request.url, { headers: request.headers, cache: "no-store" });
      const body = await bodyOf(answer);
      const took = Math.round(performance.now() - begun);
      const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
      out.lastChild.replaceWith(
        h("h4", {}, h("span", { class: `status ${answer.ok ? "ok" : "no"}` }, `${answer.status}`), `after ${took} ms`),
        h("pre", {}, h("code", {}, body.length > 100_000 ? `${body.slice(0, 100_000)}\n… and more` : body)),
        h("details", {}, h("summary", {}, "Headers"), h("pre", {}, h("code", {}, headers))),
      );
    } catch (error) {
      out.lastChild.replaceWith(h("p", {}, `No answer: ${error.message}.`));
    }
  });
  return h("div", { class: "try" }, h("h3", {}, "Try it"), form, out);
}

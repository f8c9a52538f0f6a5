// Elements from code, and the little Markdown that the description uses.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat(4).filter((child) => child !== "" && child !== undefined && child !== null));
  return element;
}

// `code` and **bold** within a line.
function inline(text) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    if (part.startsWith("`") && part.length > 2) return h("code", {}, part.slice(1, -1));
    if (part.startsWith("**") && part.length > 4) return h("strong", {}, part.slice(2, -2));
    return part;
  });
}

function table(lines) {
  const cells = (line) => line.replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
  const [head, , ...rows] = lines;
  return h(
    "div",
    { class: "scroll" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, cells(head).map((cell) => h("th", { scope: "col" }, inline(cell))))),
      h("tbody", {}, rows.map((row) => h("tr", {}, cells(row).map((cell) => h("td", {}, inline(cell)))))),
    ),
  );
}

// Paragraphs and tables; nothing for no text.
export function prose(text) {
  if (!text) return "";
  return h(
    "div",
    {},
    text
      .trim()
      .split(/\n\s*\n/)
      .map((block) => {
        const lines = block.split("\n").map((line) => line.trim());
        return lines[0].startsWith("|") ? table(lines) : h("p", {}, inline(lines.join(" ")));
      }),
  );
}

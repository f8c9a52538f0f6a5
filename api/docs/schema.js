// Reading a JSON Schema as OpenAPI 3.1 has it: references, allOf, and what a value may look like.

let description = {};

export function useDescription(document) {
  description = document;
}

// The thing that a {"$ref": …} stands for; words beside the reference win.
export function resolve(node) {
  let seen = 0;
  while (node && typeof node.$ref === "string" && seen++ < 16) {
    const { $ref, ...beside } = node;
    const found = $ref
      .slice(2)
      .split("/")
      .reduce((at, key) => at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], description);
    node = { ...found, ...beside };
  }
  return node ?? {};
}

// One schema of several that must all hold.
export function merged(schema) {
  const own = resolve(schema);
  if (!own.allOf) return own;
  const { allOf, ...rest } = own;
  return [...allOf.map(merged), rest].reduce(
    (all, part) => ({
      ...all,
      ...part,
      properties: { ...all.properties, ...part.properties },
      required: [...(all.required ?? []), ...(part.required ?? [])],
    }),
    {},
  );
}

export function typeOf(schema) {
  const s = merged(schema);
  if (s.oneOf) return s.oneOf.map(typeOf).join(" or ");
  if (s.const !== undefined) return JSON.stringify(s.const);
  const types = [s.type ?? (s.properties ? "object" : "anything")].flat();
  return types
    .map((type) => (type === "array" && s.items ? `list of ${typeOf(s.items)}` : type))
    .join(" or ");
}

// "1 to 100", "one of a, b", "a whole UUID": what else a value has to keep.
export function rulesOf(schema) {
  const s = merged(schema);
  const rules = [];
  const range = (least, most, unit) => {
    if (least !== undefined && most !== undefined) rules.push(`${least} to ${most}${unit}`);
    else if (least !== undefined && least > 0) rules.push(`at least ${least}${unit}`);
    else if (most !== undefined) rules.push(`at most ${most}${unit}`);
  };
  if (s.enum) rules.push(`one of ${s.enum.join(", ")}`);
  range(s.minimum, s.maximum, "");
  range(s.minLength, s.maxLength, " characters");
  range(s.minItems, s.maxItems, " entries");
  if (s.format) rules.push(s.format);
  if (s.default !== undefined) rules.push(`${JSON.stringify(s.default)} when not given`);
  return rules.join("; ");
}

// A value of that shape, from the examples that the description has.
export function exampleOf(schema, depth = 0) {
  const s = merged(schema);
  if (s.example !== undefined) return s.example;
  if (s.examples?.length) return s.examples[0];
  if (s.const !== undefined) return s.const;
  if (s.default !== undefined) return s.default;
  if (s.enum) return s.enum[0];
  if (s.oneOf) return exampleOf(s.oneOf[0], depth);
  const type = [s.type].flat()[0];
  if (type === "array") return depth > 5 ? [] : [exampleOf(s.items ?? {}, depth + 1)];
  if (type === "object" || s.properties) {
    if (depth > 5) return {};
    return Object.fromEntries(
      Object.entries(s.properties ?? {}).map(([name, value]) => [name, exampleOf(value, depth + 1)]),
    );
  }
  if (type === "integer" || type === "number") return s.minimum ?? 0;
  if (type === "boolean") return false;
  return type === "string" ? "text" : null;
}

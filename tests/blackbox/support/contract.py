"""Reads api/openapi.yaml and holds every answer of the server against it."""

import json
import re
from functools import cached_property

import yaml
from jsonschema import Draft202012Validator, FormatChecker

from .server import REPOSITORY

DESCRIPTION = REPOSITORY / "api" / "openapi.yaml"
METHODS = ("get", "put", "post", "delete", "patch")
BASE_PATHS = ("/v1", "/api")

# What may come without being named for an operation: it is refused before any route is asked.
UNNAMED_STATUSES = {405, 408, 411, 414, 417, 431, 501, 505}

# Headers that every answer of the API carries, whatever its status.
REQUEST_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


class ContractBroken(AssertionError):
    pass


class Operation:
    def __init__(self, contract, method, path, item, spec):
        self.contract, self.method, self.path, self.spec = contract, method.upper(), path, spec
        self.id = spec["operationId"]
        self.at_root = any(s["url"] == "/" for s in item.get("servers", []))
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
        prefix = "" if self.at_root else "(?:" + "|".join(BASE_PATHS) + ")"
        self.pattern = re.compile(prefix + pattern)

    @cached_property
    def responses(self):
        return {status: self.contract.inline(r) for status, r in self.spec["responses"].items()}

    def response(self, status):
        return self.responses.get(str(status)) or (self.responses.get("default") if status in UNNAMED_STATUSES else None)


class Contract:
    def __init__(self, path=DESCRIPTION):
        self.document = yaml.safe_load(path.read_text())
        self.operations = []
        for route, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    self.operations.append(Operation(self, method, route, item, item[method]))
        # A path without a parameter wins over one with, as in the server: /songs/popular is no song.
        self.operations.sort(key=lambda o: o.path.count("{"))
        self.by_id = {o.id: o for o in self.operations}
        self._validators = {}

    def find(self, method, path):
        wanted = "GET" if method == "HEAD" else method
        for operation in self.operations:
            if operation.method == wanted and operation.pattern.fullmatch(path):
                return operation
        return None

    def resolve(self, ref):
        node = self.document
        for part in ref.removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
        return node

    def inline(self, node):
        """The node with every $ref replaced by what it names. The description has no cycles."""
        if isinstance(node, dict):
            if "$ref" in node:
                rest = {k: v for k, v in node.items() if k != "$ref"}
                return {**self.inline(self.resolve(node["$ref"])), **self.inline(rest)}
            return {k: self.inline(v) for k, v in node.items()}
        if isinstance(node, list):
            return [self.inline(v) for v in node]
        return node

    def closed(self, schema, within_all_of=False):
        """The schema with every object refusing what it does not name: a field too many is a leak or undocumented."""
        if not isinstance(schema, dict):
            return schema
        out = dict(schema)
        for key in ("properties",):
            if key in out:
                out[key] = {name: self.closed(s) for name, s in out[key].items()}
        for key in ("items", "additionalProperties"):
            if isinstance(out.get(key), dict):
                out[key] = self.closed(out[key])
        if "oneOf" in out:
            out["oneOf"] = [self.closed(s) for s in out["oneOf"]]
        if "allOf" in out:
            out["allOf"] = [self.closed(s, within_all_of=True) for s in out["allOf"]]
        describes_object = "properties" in out or "allOf" in out
        if describes_object and not within_all_of and "additionalProperties" not in out:
            out["unevaluatedProperties"] = False
        return out

    def validator(self, key, schema):
        if key not in self._validators:
            self._validators[key] = Draft202012Validator(self.closed(schema), format_checker=FormatChecker())
        return self._validators[key]

    def schema(self, name):
        """A validator for one of the named schemas."""
        return self.validator(("schema", name), self.inline({"$ref": f"#/components/schemas/{name}"}))

    def check(self, method, path, status, headers, body):
        """Raises ContractBroken when an answer is not what the description says. Returns the operation, if any.

        `headers` is a mapping that ignores case, `body` the decoded bytes."""

        def broken(why):
            excerpt = body[:600].decode(errors="replace")
            return ContractBroken(f"{method} {path} -> {status}: {why}\n{dict(headers)}\n{excerpt}")

        operation = self.find(method, path)
        under_api = any(path == b or path.startswith(b + "/") for b in BASE_PATHS)
        if under_api or operation:
            if not REQUEST_ID.fullmatch(headers.get("x-request-id", "")):
                raise broken("no proper X-Request-Id")
            if headers.get("x-content-type-options") != "nosniff":
                raise broken("no X-Content-Type-Options: nosniff")
        if method == "HEAD" and body:
            raise broken("a body on HEAD")
        if method == "OPTIONS":
            return operation
        if operation is None:
            if under_api:
                if status < 400:
                    raise broken("answers a route that is not described")
                self.check_error(broken, status, headers, body if method != "HEAD" else None)
            return None
        described = operation.response(status)
        if described is None:
            raise broken(f"{operation.id} is not described to answer {status}")
        self.check_headers(broken, operation, status, described, headers)
        if method == "HEAD":
            return operation
        content = described.get("content", {})
        if not content:
            if body:
                raise broken("a body that is not described")
            return operation
        kind = headers.get("content-type", "").split(";")[0].strip().lower()
        media = content.get(kind) or content.get(kind.split("/")[0] + "/*")
        if media is None:
            raise broken(f"content type {kind!r}, described are {sorted(content)}")
        if kind == "application/json":
            self.check_json(broken, (operation.id, status), media["schema"], body)
        if status >= 400 and kind == "application/json" and operation.id not in ("getHealth", "getReadiness"):
            self.check_error(broken, status, headers, body)
        if under_api and not operation.at_root and not {"no-cache", "no-store"} & tokens(headers.get("cache-control", "")):
            raise broken("an answer of the API must be no-cache or no-store")
        return operation

    def check_json(self, broken, key, schema, body):
        try:
            value = json.loads(body)
        except ValueError as error:
            raise broken(f"no JSON: {error}") from None
        errors = list(self.validator(key, schema).iter_errors(value))
        if errors:
            told = "; ".join(f"{e.json_path}: {e.message[:300]}" for e in errors[:5])
            raise broken(told)

    def check_error(self, broken, status, headers, body):
        if body is not None:
            name = "RetryError" if status in (429, 503) else "Error"
            self.check_json(broken, ("error", name), self.inline({"$ref": f"#/components/schemas/{name}"}), body)
        if status in (429, 503):
            after = headers.get("retry-after", "")
            if not after.isdigit() or not 1 <= int(after) <= 3660:
                raise broken(f"Retry-After is {after!r}")
            if body is not None and json.loads(body)["retryAfter"] != int(after):
                raise broken("retryAfter and Retry-After differ")
        if status == 405 and not headers.get("allow"):
            raise broken("405 without Allow")

    def check_headers(self, broken, operation, status, described, headers):
        for name, spec in described.get("headers", {}).items():
            value = headers.get(name.lower())
            if value is None:
                continue
            schema = spec["schema"]
            if schema.get("type") == "integer":
                if not value.isdigit():
                    raise broken(f"{name} is {value!r}, not a whole number")
                value = int(value)
            errors = list(self.validator(("header", name, json.dumps(schema)), schema).iter_errors(value))
            if errors:
                raise broken(f"{name}: {errors[0].message}")


def tokens(value):
    return {part.strip().lower().split("=")[0] for part in value.split(",")}

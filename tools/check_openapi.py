#!/usr/bin/env python3
"""Checks the API description: valid OpenAPI 3.1, every operation named, described and exampled."""
import sys

import yaml
from openapi_spec_validator import validate

METHODS = ("get", "post", "put", "patch", "delete")


def undescribed(schema, where, found):
    """Every property of every schema says what it is."""
    if not isinstance(schema, dict):
        return
    for name, property_schema in (schema.get("properties") or {}).items():
        if isinstance(property_schema, dict) and "$ref" not in property_schema and "description" not in property_schema and "const" not in property_schema:
            if not any(key in property_schema for key in ("allOf", "oneOf", "anyOf")):
                found.append(f"{where}.{name} has no description")
        undescribed(property_schema, f"{where}.{name}", found)
    undescribed(schema.get("items"), f"{where}[]", found)
    for part in schema.get("allOf", []) + schema.get("oneOf", []) + schema.get("anyOf", []):
        undescribed(part, where, found)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        description = yaml.safe_load(file)
    validate(description)
    found = []
    ids = set()
    for path, item in description["paths"].items():
        for method in METHODS:
            if method not in item:
                continue
            operation = item[method]
            where = f"{method.upper()} {path}"
            if operation.get("operationId") in ids | {None}:
                found.append(f"{where} needs an operationId of its own")
            ids.add(operation.get("operationId"))
            if not operation.get("summary"):
                found.append(f"{where} has no summary")
    for name, schema in description["components"]["schemas"].items():
        undescribed(schema, name, found)
    if found:
        sys.exit("\n".join(found))
    print(f"{len(ids)} operations, {len(description['components']['schemas'])} schemas")


if __name__ == "__main__":
    main()

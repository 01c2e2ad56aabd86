// Prints the TypeScript of operations: node generate.mjs SCHEMA OPERATIONS. It runs where the packages of package.json are.
import { readFileSync } from "node:fs";
import { codegen } from "@graphql-codegen/core";
import * as documents from "@graphql-codegen/typed-document-node";
import * as operations from "@graphql-codegen/typescript-operations";
import { parse } from "graphql";

const [schema, asked] = process.argv.slice(2).map((file) => parse(readFileSync(file, "utf8")));
const config = {
  documentMode: "string",
  enumsAsTypes: true,
  futureProofEnums: true,
  immutableTypes: true,
  scalars: { ID: "string", UsdMicros: "number" },
  skipTypename: true,
  strictScalars: true,
  useTypeImports: true,
};
const printed = await codegen({
  schema,
  documents: [{ location: "operations.graphql", document: asked }],
  filename: "lectures.ts",
  config,
  plugins: [{ operations: {} }, { documents: {} }],
  pluginMap: { operations, documents },
});
process.stdout.write(`// Written from docs/api.graphql and docs/clients/operations.graphql; changes made here are lost.\n${printed}`);

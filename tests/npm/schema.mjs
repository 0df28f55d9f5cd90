// Compares a document with a JSON Schema: `node schema.mjs < {schema, document}`.
import Ajv from "ajv/dist/2019.js";
import formats from "ajv-formats";

let text = "";
for await (const piece of process.stdin) text += piece;
const { schema, document } = JSON.parse(text);

const ajv = new Ajv.default({ strict: false, allErrors: true });
formats.default(ajv);
const valid = ajv.compile(schema)(document);
const errors = (ajv.errors ?? []).concat([]);
console.log(JSON.stringify({ valid, errors }));

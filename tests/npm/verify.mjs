// Checks a credential with libraries by others: `node verify.mjs < {credential, did, status}`.
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { createVerifyCryptosuite } from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import { checkStatus } from "@digitalbazaar/vc-bitstring-status-list";
import * as vc from "@digitalbazaar/vc";

let text = "";
for await (const piece of process.stdin) text += piece;
const { credential, did, status } = JSON.parse(text);

// Nothing is fetched: the loader knows what the issuer publishes, and the standard's own contexts.
const known = new Map([[did.id, did]]);
for (const method of did.verificationMethod) {
  known.set(method.id, { "@context": "https://w3id.org/security/multikey/v1", ...method });
}
if (status) known.set(status.id, status);
const documentLoader = async (url) => {
  if (known.has(url)) return { contextUrl: null, documentUrl: url, document: known.get(url) };
  return vc.defaultDocumentLoader(url);
};

const suite = new DataIntegrityProof({ cryptosuite: createVerifyCryptosuite() });
const result = await vc.verifyCredential({
  credential,
  suite,
  documentLoader,
  checkStatus: (options) => checkStatus({ ...options, suite, documentLoader, verifyBitstringStatusListCredential: true }),
});
const errors = result.error ? [result.error, ...(result.error.errors ?? [])] : [];
console.log(JSON.stringify({
  verified: result.verified,
  isRevoked: result.statusResult?.results?.some((one) => one.status) ?? null,
  errors: errors.map((error) => `${error.name}: ${error.message}`),
}));

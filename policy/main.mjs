// The entry is JavaScript on purpose. Pulumi's pack runner registers a vendored ts-node for every `.ts` file that
// it requires: it type-checks at each start (seconds), and it refuses `.ts` import specifiers. An ES module entry is
// loaded by Node itself, which strips the types of index.ts natively (Node 22.18 and later).
import "./index.ts";

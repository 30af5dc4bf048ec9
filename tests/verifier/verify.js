// Says of each card that comes in as JSON whether @pathcheck/shc-sdk takes it: {"keys": {issuer: jwks}, "cards": ["shc:/…"]} -> [claims or null].
const { readFileSync } = require("fs");
const { unpackAndVerify } = require("@pathcheck/shc-sdk");

console.log = () => {}; // it prints what it refuses

(async () => {
  const { keys, cards } = JSON.parse(readFileSync(0, "utf8"));
  const found = [];
  for (const card of cards) {
    const said = await unpackAndVerify(card, keys);
    found.push(said ? said.credential : null);
  }
  process.stdout.write(JSON.stringify(found));
})();

// Writes a few values with Bun's `v8.serialize`. Run by Bun: bun generate.js <folder>
const fs = require("fs");
const path = require("path");
const v8 = require("v8");
const folder = process.argv[2];
const cases = [
  ["undefined", "undefined", () => undefined],
  ["number-one", "1", () => 1],
  ["string", "\"hello\"", () => "hello"],
  ["object", "{a: 1, b: [true, null, \"x\"]}", () => ({ a: 1, b: [true, null, "x"] })],
  ["date", "new Date(0)", () => new Date(0)],
  ["map", "new Map([[1, 2]])", () => new Map([[1, 2]])],
  ["uint8array", "Uint8Array.of(1, 2, 3)", () => Uint8Array.of(1, 2, 3)],
  ["bigint", "-123n", () => -123n],
  ["cycle", "an object whose property self is itself", () => { const o = {}; o.self = o; return o; }],
];
for (const [name, value, make] of cases) {
  const bytes = v8.serialize(make());
  fs.writeFileSync(path.join(folder, name + ".v8"), bytes);
  const about = {
    case: name,
    engine: "bun",
    version: process.versions.bun,
    about: "v8.serialize; JavaScriptCore's format, not V8's",
    value,
  };
  fs.writeFileSync(path.join(folder, name + ".json"), JSON.stringify(about, null, 1) + "\n");
  let back;
  try { v8.deserialize(bytes); back = "ok"; } catch (error) { back = String(error); }
  console.log(name, Buffer.from(bytes).toString("hex"), back);
}
// What Bun makes of V8's own bytes: {a: 1}.
try { console.log("V8's bytes:", v8.deserialize(Buffer.from("ff0f6f22016149027b01", "hex"))); }
catch (error) { console.log("V8's bytes:", String(error)); }
console.log(process.versions);

// Takes the values out of a Durable Object's SQLite file.
// Usage: node extract.mjs <file.sqlite> <report.json> <folder> <version of workerd>
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const [file, reportFile, folder, version] = process.argv.slice(2);
const report = JSON.parse(readFileSync(reportFile, "utf8"));
const database = new DatabaseSync(file, { readOnly: true });
const refused = [];
for (const { name, value, stored, error } of report) {
  if (!stored) {
    refused.push(`${name}: ${value}: ${error}`);
    continue;
  }
  const row = database.prepare("SELECT value FROM _cf_KV WHERE key = ?").get(name);
  writeFileSync(join(folder, name + ".v8"), row.value);
  const about = { case: name, engine: "workerd", version, about: "storage.put of a Durable Object, from the table _cf_KV", value };
  writeFileSync(join(folder, name + ".json"), JSON.stringify(about, null, 1) + "\n");
  console.log(name, Buffer.from(row.value).toString("hex"));
}
writeFileSync(join(folder, "cannot.txt"), refused.join("\n") + "\n");

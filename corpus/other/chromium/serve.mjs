// Serves a page, waits for its report, prints it. Usage: node serve.mjs <page> <port> <seconds to wait at most>
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const page = process.argv[2];
const [port, seconds] = process.argv.slice(3).map(Number);
createServer((request, response) => {
  if (request.method !== "POST") {
    response.setHeader("content-type", "text/html");
    response.end(readFileSync(new URL(page, import.meta.url)));
    return;
  }
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk)).on("end", () => {
    process.stdout.write(Buffer.concat(chunks));
    response.end(() => process.exit(0));
  });
}).listen(port, "127.0.0.1");
setTimeout(() => process.exit(1), seconds * 1000);

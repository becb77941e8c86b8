// Writes the cases for change.mjs, and afterwards sets them beside what the browser read.
// Usage: node judge.mjs cases <report of page.html>
//        node judge.mjs verdicts <report of page.html> <report of read.html> <version>
import { readFileSync } from "node:fs";

const swap = (hex) => Buffer.from(hex, "hex").swap16().toString("hex");
const judged = [
  ["ff0f4902", "one header, 15, not swapped"],
  ["ff10ff0d4902", "Blink 16 with a second header, not swapped"],
  ["ff11ff0d4902", "Blink 17 and V8 13"],
  ["ff14ff0f4902", "Blink 20 and V8 15"],
  ["ff14fe000000000000000000000000ff0f4902", "Blink 20 with a trailer offset"],
  ["ff15ff0f4902", "Blink 21 without a trailer offset"],
  ["ff16fe000000000000000000000000ff0f4902", "Blink 22"],
  ["ff15fe000000000000000000000000ff114902", "Blink 21 and V8 17"],
  [swap("ff094902"), "version 9, swapped"],
  [swap("ff0f4902"), "version 15, swapped"],
  [swap("ff10ff0d4902"), "Blink 16 and V8 13, swapped"],
  [swap("4902"), "version 0, swapped: 02 49"],
  [swap("53016149027b0100"), "version 0, an object, swapped and padded"],
  ["ff15fe000000000000003300000006ff105c51000000000000f03f000000000000004000000000000008400000000000001040a00000000151", "as Chromium writes a DOMPoint"],
  ["ff15fe000000000000000000000000ff105c51000000000000f03f000000000000004000000000000008400000000000001040", "a DOMPoint without trailer"],
  ["ff15fe000000000000003300000006ff105c51000000000000f03f000000000000004000000000000008400000000000001040a0000000017f", "a trailer with an unknown tag"],
  ["ff15fe00000000000000ff00000006ff104902", "a trailer offset behind the end"],
  ["ff15ff105c51000000000000f03f000000000000004000000000000008400000000000001040", "Blink 21, no trailer offset, a DOMPoint"],
  ["ff15fe000000000000000000000000ff10410249025c6249040002", "an unknown host tag"],
  ["ff11020614ff11ff0d4902", "Snappy around Blink 17 and V8 13"],
  ["ff1103ff0d4902", "ff 11 03"],
  ["ff11020b28ff11020614ff11ff0d4902", "Snappy around Snappy around Blink 17 and V8 13"],
  ["ff110204" + "0c" + swap("ff094902"), "Snappy around version 9, swapped"],
  ["ff15fe000000000000000000000000ff0d4902", "Blink 21 and V8 13"],
  ["ff15fe000000000000000000000000ff0c4902", "Blink 21 and V8 12"],
  ["ff15fe0000000000000000000000004902", "Blink 21, no second header"],
  ["ff114902", "Blink 17, no second header"],
  ["ff0fff0d4902", "a header 15, then a second one"],
  ["ff0d5c51000000000000f03f000000000000004000000000000008400000000000001040", "version 13, a DOMPoint"],
  [swap("ff0923010104000000ff"), "version 9, an ImageData without the tag of host objects, swapped"],
  [swap("49ff0100"), "version 0, -128 and padding, swapped: ff 49"],
  [swap("ff0f5f00"), "version 15, undefined and padding, swapped"],
];
// Any keys do; the values behind them are replaced.
const [what, pageReport, readReport, version] = process.argv.slice(2);
const { report } = JSON.parse(readFileSync(pageReport, "utf8"));
const keys = report.filter((row) => row.stored).map((row) => row.name);
const cases = judged.map(([bytes, about], at) => ({ key: keys[at], bytes, about }));
if (what === "cases") {
  console.log(JSON.stringify(Object.fromEntries(cases.map(({ key, bytes }) => [key, bytes]))));
} else {
  const read = JSON.parse(readFileSync(readReport, "utf8"));
  const lines = cases.map(({ key, bytes, about }) => "  " + JSON.stringify({ about, bytes, reads: read[key] }));
  console.log(`{\n "engine": "chromium",\n "version": "${version}",\n "verdicts": [\n${lines.join(",\n")}\n ]\n}`);
}

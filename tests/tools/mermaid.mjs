// Reads a chart from stdin and prints what mermaid itself understands of it. Run where `mermaid` and `jsdom` are
// installed: node --input-type=module -e "$(cat mermaid.mjs)"
import { JSDOM } from "jsdom";

const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");

let text = "";
for await (const chunk of process.stdin) text += chunk;
await mermaid.parse(text);
const { type, db } = await mermaid.mermaidAPI.getDiagramFromText(text);
const boxes = [...db.getVertices().values()].map((box) => [box.id, box.text, box.classes]);
const arrows = db.getEdges().map((edge) => [edge.start, edge.end]);
console.log(JSON.stringify({ type, boxes, arrows, classes: [...db.getClasses().keys()] }));

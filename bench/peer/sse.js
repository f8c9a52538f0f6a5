// What one writes first: an event stream server of twenty lines, plain node:http. Never shipped.
import http from "node:http";

const listeners = new Set();

http.createServer((request, response) => {
  if (request.method === "POST") {
    let text = "";
    request.on("data", (part) => (text += part));
    request.on("end", () => {
      const event = `event: comment\ndata: ${text}\n\n`;
      for (const listener of listeners) listener.write(event);
      response.writeHead(201, { "Content-Length": "0" }).end();
    });
  } else {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
    response.write(`event: serverTime\ndata: {"serverTime":"${new Date().toISOString()}"}\n\n`);
    listeners.add(response);
    request.on("close", () => listeners.delete(response));
  }
}).listen(Number(process.argv[2]), "127.0.0.1", 4096, () => console.log("ready"));
